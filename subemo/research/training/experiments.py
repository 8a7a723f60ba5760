"""One training on a split, and its predictions for the test side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError
from ...core.progress import OnStep, Step
from ...features import Vector
from ...model.statistics import Statistics
from ..datasets import splits
from ..datasets.table import FeatureTable
from ..evaluation import figures, rates
from .architectures import INPUT_SIZE, Architecture
from .clip_training import Epoch, Recipe, Rows, train

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EvaluatedRows:
    """Test rows and their predictions.

    Attributes:
        rows: row numbers in the table, shape (rows,)
        probabilities: shape (rows, 8)
    """

    rows: Index
    probabilities: Vector

    @property
    def predicted(self) -> Index:
        """The likeliest class of each row, shape (rows,)."""
        return rates.likeliest(self.probabilities)

    @classmethod
    def joined(cls, parts: Sequence[EvaluatedRows]) -> EvaluatedRows:
        """The concatenation of several trainings' rows."""
        return cls(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.probabilities for part in parts]),
        )


@dataclass(frozen=True, eq=False)
class Experiment:
    """The result of a training.

    Attributes:
        model: the trained Keras model
        statistics: statistics of the training rows
        test_features: the standardised test rows, shape (rows, 161)
        evaluated: the test rows and their predictions
        epochs: the curves by epoch
    """

    model: Any
    statistics: Statistics
    test_features: Vector
    evaluated: EvaluatedRows
    epochs: Sequence[Epoch]


def run_experiment(
    table: FeatureTable,
    split: splits.RowSplit,
    architecture: Architecture,
    *,
    recipe: Recipe,
    checkpoint: Path,
    stage: str,
    on_step: OnStep,
) -> Experiment:
    """Trains on one side of *split*, standardised on that side only, and tests on the other.

    Args:
        table: features of all versions of all clips
        split: the training and test rows
        architecture: the network
        recipe: the hyperparameters
        checkpoint: the file to resume from and to write after each epoch
        stage: the stage's name in progress reports
        on_step: called after each epoch
    """
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
        Rows(statistics.standardise(inputs[split.train]), table.labels[split.train]),
        Rows(test_features, table.labels[split.test]),
        recipe=recipe,
        checkpoint=checkpoint,
        on_epoch=report,
    )
    probabilities = model.predict(test_features[..., None], batch_size=512, verbose=0)
    evaluated = EvaluatedRows(split.test, probabilities)
    return Experiment(model, statistics, test_features, evaluated, epochs)


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
    return [
        figures.by_speaker(metric, labels, predicted, speakers, protocol=protocol)
        for metric in ("accuracy", "uar")
    ]
