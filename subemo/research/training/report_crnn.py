"""Trains and evaluates the final model of the 2024 report (Davies and Chen).

It is trained twice: under the report's protocol, which gives the shipped model, and
with held-out speakers, which shows what to expect on unseen voices.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.cache import Cache
from ...core.emotions import EMOTIONS
from ...core.errors import MissingExtraError
from ...core.progress import OnStep, Step
from ...core.tables import csv_table
from ...features import FeatureSet, ReportFeatures, Vector
from ...model.bundle import Bundle
from ...model.statistics import Adaptation, Statistics
from ..corpora import count_by_corpus, read_clips
from ..datasets import splits
from ..datasets.clips import VERSIONS
from ..datasets.features import FeatureTable, build_table
from ..evaluation import figures, rates
from .architectures import (
    ARCHITECTURES,
    FINAL,
    INPUT_SIZE,
    REPORT_CRNN_PARAMETERS,
    Architecture,
)
from .clip_training import ClipRecipe, Epoch, LabelledRows, train
from .model_recipe import CardText, ModelRecipe, Trained, TrainOptions, rows_of_figures, to_litert

#: The licence of each corpus.
_LICENCES = {
    "ravdess": "RAVDESS is CC BY-NC-SA 4.0.",
    "savee": "SAVEE is for research use.",
}


def _values(description: Mapping[str, Any]) -> dict[str, object]:
    training = description["training"]
    return {
        "parameters": REPORT_CRNN_PARAMETERS,
        "size": len(description["standardisation"]["mean"]),
        "rows": training["rows"],
        "figures": rows_of_figures(description),
        "feature_name": description["features"]["name"],
        "sample_rate": description["sample_rate"],
        "trim": description["features"]["parameters"]["trim_top_db"],
        "recipe": ", ".join(f"{key} {value}" for key, value in training["recipe"].items()),
        "licences": " ".join(_LICENCES[corpus] for corpus in training["corpora"]),
    }


#: The text; its fields are filled from the bundle.
REPORT_CRNN_CARD = CardText(
    intro="""\
The final network of the 2024 report (Davies and Chen) on which subemo is based: four
convolutions and four GRUs, {parameters:,} parameters, over {size} hand-crafted features
averaged over a segment of speech. Made by `subemo train --recipe report-crnn`, which also
writes this page from the figures in `model.json`.""",
    figures="""\
| protocol | metric | value | 95 % interval | clips | interval by |
|---|---|---|---|---|---|
{figures}

Under the protocol `report`, four versions of each clip (original, noise, time stretch,
pitch) are made first and {rows:,} rows are split at random afterwards, so copies of a
test clip, and every speaker, are on both sides. **That figure does not show accuracy on
unseen speakers.** With speakers held out, each original clip is classified by a
model not trained on its speaker. All figures are for the last epoch. Chance is 12.5 %.

`predictions/*.csv` has every test row, so that the figures can be recomputed.""",
    training="""\
{licences} The weights are derived from these
clips and inherit their limits: **not for commercial use**. The code of subemo is
GPL-3.0-or-later.

Features: {feature_name}, from mono sound at {sample_rate:,} Hz, with silent ends trimmed at
{trim:.0f} dB below the loudest frame. Recipe: {recipe}.""",
    use="""\
For comparison, as the baseline for better models. A tag says
how a voice sounds to a listener, not what a person feels. Do not judge people by it.""",
    limits="""\
- Trained on {speakers} actors in studios, who read English sentences. On film, with music
  and noise, fewer predictions are right than with speakers held out (the 2024 report
  found about 25 % of 24 clips).
- Its probabilities are not calibrated: it is often confident and wrong.
- Only RAVDESS has "calm".""",
    values=_values,
)


Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Experiment:
    """The result of a training.

    Attributes:
        model: the trained Keras model
        statistics: statistics of the training rows
        test_features: the standardised test rows, shape (rows, 161)
        rows: numbers of the test rows in the table, shape (rows,)
        probabilities: the predictions for them, shape (rows, 8)
        epochs: the curves by epoch
    """

    model: Any
    statistics: Statistics
    test_features: Vector
    rows: Index
    probabilities: Vector
    epochs: Sequence[Epoch]

    @property
    def predicted(self) -> Index:
        """The likeliest class of each test row, shape (rows,)."""
        return np.asarray(self.probabilities.argmax(axis=1))


def run_experiment(
    table: FeatureTable,
    split: splits.RowSplit,
    architecture: Architecture,
    *,
    recipe: ClipRecipe,
    checkpoint: Path,
    stage: str,
    on_step: OnStep,
) -> Experiment:
    """Trains on one side of *split*, standardised on that side only, and tests on the other."""
    try:
        from sklearn.preprocessing import StandardScaler
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "evaluate") from error

    splits.check_no_leak(table, split)
    inputs = table.rows[:, :INPUT_SIZE]
    scaler = StandardScaler().fit(inputs[split.train].astype(np.float64))
    statistics = Statistics(scaler.mean_.astype(np.float32), scaler.scale_.astype(np.float32))
    test_features = statistics.standardise(inputs[split.test])

    def report(epoch: Epoch) -> None:
        note = (
            f"epoch {epoch.number}: training loss {epoch.loss:.3f}, "
            f"test accuracy {100 * epoch.test_accuracy:.1f} % of {len(split.test):,}"
        )
        on_step(Step(stage, epoch.number, recipe.epochs, note))

    model, epochs = train(
        lambda: architecture.build(unroll=True),
        LabelledRows(statistics.standardise(inputs[split.train]), table.labels[split.train]),
        LabelledRows(test_features, table.labels[split.test]),
        recipe=recipe,
        checkpoint=checkpoint,
        on_epoch=report,
    )
    probabilities = model.predict(test_features[..., None], batch_size=512, verbose=0)
    return Experiment(model, statistics, test_features, split.test, probabilities, epochs)


def measure(
    labels: Index, predicted: Index, speakers: npt.NDArray[np.str_], *, protocol: str
) -> list[figures.Figure]:
    """Accuracy, and for speaker-independent protocols UAR, with intervals.

    Args:
        labels: true classes, shape (rows,)
        predicted: predicted classes, shape (rows,)
        speakers: speakers, shape (rows,)
        protocol: one of `splits`
    """
    if protocol == splits.REPORT_PROTOCOL:
        return [figures.accuracy(labels, predicted, protocol=protocol)]
    measures = {"accuracy": rates.accuracy, "uar": rates.unweighted_average_recall}

    def of(measure: Callable[[Index, Index], float], rows: Index) -> float:
        return measure(labels[rows], predicted[rows])

    return [
        figures.Figure.of_rows(name, partial(of, measure), speakers, protocol=protocol)
        for name, measure in measures.items()
    ]


NAME = "report-crnn"


def report_table(
    roots: Mapping[str, Path], *, work: Path, seed: int, on_step: OnStep
) -> FeatureTable:
    """The 2024 report's table of features (Appendix 9), cached in *work*."""
    return build_table(
        read_clips(roots),
        features=ReportFeatures(),
        cache=Cache(work / "features"),
        seed=seed,
        on_step=on_step,
    )


def _features(_: TrainOptions) -> ReportFeatures:
    return ReportFeatures()


def _train(options: TrainOptions, features: FeatureSet, on_step: OnStep) -> Trained:
    """Trains under the 2024 report's protocol, and four more times with held-out speakers."""
    recipe = ClipRecipe().changed(
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
    measured = _measure(table, [final], splits.REPORT_PROTOCOL)
    predictions = {"report-protocol": _predictions(table, [final])}
    if options.held_out:
        folds = splits.speaker_splits(table, seed=recipe.seed)
        parts = [
            experiment(split, f"held out {number}/{len(folds)}", f"fold-{number}")
            for number, split in enumerate(folds, start=1)
        ]
        measured += _measure(table, parts, splits.HELD_OUT_PROTOCOL)
        predictions["speakers-held-out"] = _predictions(table, parts)
    bundle = Bundle(
        options.name or NAME,
        features,
        final.statistics.mean,
        final.statistics.scale,
        Adaptation.NONE,
        to_litert(final.model, ARCHITECTURES[FINAL].build, final.test_features),
        _provenance(table, recipe),
    )
    return Trained(bundle, measured, predictions)


def _measure(
    table: FeatureTable, parts: Sequence[Experiment], protocol: str
) -> list[figures.Figure]:
    rows = np.concatenate([part.rows for part in parts])
    predicted = np.concatenate([part.predicted for part in parts])
    return measure(table.labels[rows], predicted, table.speakers[rows], protocol=protocol)


def _provenance(table: FeatureTable, recipe: ClipRecipe) -> dict[str, object]:
    return {
        "corpora": count_by_corpus(table.clips),
        "versions_of_each_clip": list(VERSIONS),
        "rows": len(table.rows),
        "recipe": asdict(recipe),
        "seed_of_split_noise_and_weights": recipe.seed,
    }


def _predictions(table: FeatureTable, parts: Sequence[Experiment]) -> str:
    """Every evaluated row as CSV, so that figures can be recomputed."""
    rows: list[list[object]] = [["clip", "version", "speaker", "emotion", "predicted", *EMOTIONS]]
    answers = ((row, one) for p in parts for row, one in zip(p.rows, p.probabilities, strict=True))
    for row, answer in answers:
        clip = table.clips[table.clip_of[row]]
        version, likeliest = VERSIONS[table.version_of[row]], EMOTIONS[answer.argmax()]
        about = [clip.key, version, clip.speaker or "", clip.emotion.value, likeliest.value]
        rows.append([*about, *(f"{probability:.6f}" for probability in answer)])
    return csv_table(rows)


_TENSORFLOW = "tensorflow-cpu" if platform.machine() == "x86_64" else "tensorflow"

#: The recipe of the 2024 report's final model.
REPORT_CRNN = ModelRecipe(
    name=NAME,
    features=_features,
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
