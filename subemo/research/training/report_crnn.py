"""The report's final model, trained and measured from the official corpora.

Twice: under the report's protocol, which gives the model that is shipped, and
with speakers held out, which says what to expect of a voice it has not heard.
"""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ...core.cache import Cache
from ...core.emotions import EMOTIONS
from ...core.files import write_atomically
from ...core.progress import OnStep, Step, ignore
from ...core.tables import cell
from ...features import ReportFeatures
from ...model.bundle import Bundle
from ..corpora import count_by_corpus, read_clips
from ..datasets import augmentation as augment
from ..datasets import splits
from ..datasets.table import FeatureTable, build_table
from ..evaluation import figures
from .architectures import ARCHITECTURES, FINAL, report_crnn
from .card import report_card
from .clip_training import Recipe
from .experiments import Experiment, Judged, measure, run_experiment
from .litert_export import TOLERANCE, to_litert

NAME = "report-crnn"
_LIBRARIES = ("numpy", "scipy", "librosa", "soxr", "scikit-learn", "keras", "ai-edge-litert")


def train_report(
    roots: Mapping[str, Path],
    *,
    out: Path,
    work: Path,
    recipe: Recipe | None = None,
    held_out: bool = True,
    on_step: OnStep = ignore,
) -> list[figures.Figure]:
    """Trains the report's CRNN, writes its bundle and returns its figures.

    Args:
        roots: the folder of each corpus, by name
        out: folder of the bundle
        work: folder for cached features and checkpoints; a second call with
            the same folder goes on where the first one stopped
        recipe: how to train
        held_out: whether to train four more times with speakers held out
        on_step: told of progress and early results

    Raises:
        CorpusError: if the corpora are not as expected
        MissingExtraError: without the extra ``train``
        ExportError: if the exported model does not equal the trained one
    """
    recipe = recipe or Recipe()
    table = report_table(roots, work=work, seed=recipe.seed, on_step=on_step)

    def experiment(split: splits.Split, stage: str, name: str) -> Experiment:
        return run_experiment(
            table,
            split,
            ARCHITECTURES[FINAL],
            recipe=recipe,
            checkpoint=work / f"{name}.npz",
            stage=stage,
            on_step=on_step,
        )

    final = experiment(splits.report_split(table, seed=recipe.seed), "report", "report")
    weights = to_litert(final.model, report_crnn, final.test_features)
    measured = _measure(table, final.judged, splits.REPORT_PROTOCOL)
    predictions = {"report-protocol": final.judged}

    if held_out:
        folds = splits.speaker_splits(table, seed=recipe.seed)
        parts = [
            experiment(split, f"held out {number}/{len(folds)}", f"fold-{number}").judged
            for number, split in enumerate(folds, start=1)
        ]
        judged = Judged(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.probabilities for part in parts]),
        )
        measured += _measure(table, judged, splits.HELD_OUT_PROTOCOL)
        predictions["speakers-held-out"] = judged

    statistics = final.statistics
    provenance = _provenance(table, recipe, measured)
    bundle = Bundle(
        NAME, ReportFeatures(), statistics.mean, statistics.scale, "none", weights, provenance
    )
    bundle.write(out, card=report_card(bundle.description()))
    for name, rows in predictions.items():
        write_predictions(out / "predictions" / f"{name}.csv", table, rows)
    return measured


def report_table(
    roots: Mapping[str, Path], *, work: Path, seed: int, on_step: OnStep
) -> FeatureTable:
    """The report's table of features (Appendix 9), cached in *work*."""
    clips = read_clips(roots)
    return build_table(
        clips,
        features=ReportFeatures(),
        cache=Cache(work / "features"),
        seed=seed,
        on_clip=lambda done: on_step(Step("features", done, len(clips))),
    )


def _measure(table: FeatureTable, judged: Judged, protocol: str) -> list[figures.Figure]:
    labels, speakers = table.labels[judged.rows], table.speakers[judged.rows]
    return measure(labels, judged.predicted, speakers, protocol=protocol)


def _provenance(
    table: FeatureTable, recipe: Recipe, measured: Sequence[figures.Figure]
) -> dict[str, object]:
    tensorflow = "tensorflow-cpu" if platform.machine() == "x86_64" else "tensorflow"
    return {
        "training": {
            "corpora": count_by_corpus(table.clips),
            "versions_of_each_clip": list(augment.VERSIONS),
            "rows": len(table.rows),
            "recipe": asdict(recipe),
            "seed_of_split_noise_and_weights": recipe.seed,
        },
        "export": {"largest_difference_allowed": TOLERANCE},
        "figures": [asdict(figure) for figure in measured],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("subemo", *_LIBRARIES, tensorflow)},
        },
    }


def write_predictions(path: Path, table: FeatureTable, judged: Judged) -> None:
    """Every judged row as CSV, so that anyone can compute the figures again."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["clip", "version", "speaker", "emotion", "predicted", *EMOTIONS])
    for row, answer in zip(judged.rows, judged.probabilities, strict=True):
        clip = table.clips[table.clip_of[row]]
        writer.writerow(
            [
                cell(clip.key),
                augment.VERSIONS[table.version_of[row]],
                cell(clip.speaker or ""),
                clip.emotion.value,
                EMOTIONS[answer.argmax()].value,
                *(f"{probability:.6f}" for probability in answer),
            ]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.getvalue().encode(), overwrite=True)
