"""Trains and evaluates the final model of the 2024 report (Davies and Chen).

It is trained twice: under the report's protocol, which gives the shipped model, and
with held-out speakers, which shows what to expect on unseen voices.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from ...core.cache import Cache
from ...core.emotions import EMOTIONS
from ...core.progress import OnStep, Step
from ...core.tables import csv_table
from ...features import FeatureSet, ReportFeatures
from ...model.statistics import Adaptation
from ..corpora import count_by_corpus, read_clips
from ..datasets import augmentation as augment
from ..datasets import splits
from ..datasets.table import FeatureTable, build_table
from ..evaluation import figures
from .architectures import ARCHITECTURES, FINAL, report_crnn
from .clip_training import Recipe
from .experiments import EvaluatedRows, Experiment, measure, run_experiment
from .model_recipe import Build, ModelRecipe, Trained, TrainOptions
from .report_crnn_card import REPORT_CRNN_CARD

NAME = "report-crnn"


def report_table(
    roots: Mapping[str, Path], *, work: Path, seed: int, on_step: OnStep
) -> FeatureTable:
    """The 2024 report's table of features (Appendix 9), cached in *work*."""
    clips = read_clips(roots)
    return build_table(
        clips,
        features=ReportFeatures(),
        cache=Cache(work / "features"),
        seed=seed,
        on_clip=lambda done: on_step(Step("features", done, len(clips))),
    )


def _features(_: TrainOptions) -> ReportFeatures:
    return ReportFeatures()


def _architecture(_: FeatureSet) -> Build:
    return report_crnn


def _train(options: TrainOptions, _: FeatureSet, on_step: OnStep) -> Trained:
    """Trains under the 2024 report's protocol, and four more times with held-out speakers."""
    recipe = Recipe().changed(
        epochs=options.epochs, batch_size=options.batch_size, seed=options.seed
    )
    table = report_table(options.corpora, work=options.work, seed=recipe.seed, on_step=on_step)

    def experiment(split: splits.RowSplit, stage: str, name: str) -> Experiment:
        return run_experiment(
            table,
            split,
            ARCHITECTURES[FINAL],
            recipe=recipe,
            checkpoint=options.work / f"{name}.npz",
            stage=stage,
            on_step=on_step,
        )

    final = experiment(splits.report_split(table, seed=recipe.seed), "report", "report")
    evaluated = _measure(table, final.evaluated, splits.REPORT_PROTOCOL)
    predictions = {"report-protocol": predictions_table(table, final.evaluated)}
    if options.held_out:
        folds = splits.speaker_splits(table, seed=recipe.seed)
        parts = [
            experiment(split, f"held out {number}/{len(folds)}", f"fold-{number}").evaluated
            for number, split in enumerate(folds, start=1)
        ]
        held_out = EvaluatedRows.joined(parts)
        evaluated += _measure(table, held_out, splits.HELD_OUT_PROTOCOL)
        predictions["speakers-held-out"] = predictions_table(table, held_out)
    return Trained(
        final.model,
        gives_logits=False,
        proof=final.test_features,
        statistics=final.statistics,
        adaptation=Adaptation.NONE,
        provenance=_provenance(table, recipe),
        figures=evaluated,
        predictions=predictions,
    )


def _measure(table: FeatureTable, evaluated: EvaluatedRows, protocol: str) -> list[figures.Figure]:
    labels, speakers = table.labels[evaluated.rows], table.speakers[evaluated.rows]
    return measure(labels, evaluated.predicted, speakers, protocol=protocol)


def _provenance(table: FeatureTable, recipe: Recipe) -> dict[str, object]:
    return {
        "corpora": count_by_corpus(table.clips),
        "versions_of_each_clip": list(augment.VERSIONS),
        "rows": len(table.rows),
        "recipe": asdict(recipe),
        "seed_of_split_noise_and_weights": recipe.seed,
    }


def predictions_table(table: FeatureTable, evaluated: EvaluatedRows) -> str:
    """Every evaluated row as CSV, so that figures can be recomputed."""
    rows: list[list[object]] = [["clip", "version", "speaker", "emotion", "predicted", *EMOTIONS]]
    for row, answer in zip(evaluated.rows, evaluated.probabilities, strict=True):
        clip = table.clips[table.clip_of[row]]
        rows.append(
            [
                clip.key,
                augment.VERSIONS[table.version_of[row]],
                clip.speaker or "",
                clip.emotion.value,
                EMOTIONS[answer.argmax()].value,
                *(f"{probability:.6f}" for probability in answer),
            ]
        )
    return csv_table(rows)


_TENSORFLOW = "tensorflow-cpu" if platform.machine() == "x86_64" else "tensorflow"

#: The recipe of the 2024 report's final model.
REPORT_CRNN = ModelRecipe(
    name=NAME,
    features=_features,
    architecture=_architecture,
    train=_train,
    card=REPORT_CRNN_CARD,
    libraries=(
        "numpy",
        "scipy",
        "librosa",
        "soxr",
        "scikit-learn",
        "keras",
        "ai-edge-litert",
        _TENSORFLOW,
    ),
)
