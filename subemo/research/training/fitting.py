"""The default model's networks, fitted to some clips of the training data, and exported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.progress import OnStep, Step
from ...model.batching import Row, rows_of
from ...model.statistics import Statistics
from .batches import Batches
from .frame_training import FrameRecipe, train_frames
from .litert_export import to_litert
from .training_data import TrainingData

Index = npt.NDArray[np.int64]

#: Of so many clips one proves that the exported network equals the fitted one.
_PROOF = 20


@dataclass(frozen=True, eq=False)
class Fitted:
    """Networks that have learned.

    Attributes:
        model: a Keras model that gives logits, the mean of all networks'
        training: the statistics of the clips that it learned from, as they are
    """

    model: Any
    training: Statistics


def fit(
    training_data: TrainingData, clips: Index, recipe: FrameRecipe, *, stage: str, on_step: OnStep
) -> Fitted:
    """Networks that have learned from some clips.

    Args:
        training_data: all clips
        clips: positions of those that are learned from
        recipe: how
        stage: the name of the stage that *on_step* is given
        on_step: called after each epoch
    """

    def report(epoch: int, loss: float) -> None:
        note = f"epoch {epoch}: training loss {loss:.3f}"
        on_step(Step(stage, epoch, recipe.epochs * recipe.networks, note))

    batches = Batches(
        training_data.table, clips, training_data.silent, sampling=recipe.sampling, seed=recipe.seed
    )
    return Fitted(train_frames(batches, recipe, on_epoch=report), batches.training)


def proof_of(fitted: Fitted, training_data: TrainingData, recipe: FrameRecipe) -> Row:
    """Real input of the networks, shape (rows, steps + 2, size + 1)."""
    return np.stack(
        [
            row
            for versions in training_data.table.frames[::_PROOF]
            for row, _ in rows_of(fitted.training.standardise(versions[0]), recipe.network.steps)
        ]
    )


def export(fitted: Fitted, training_data: TrainingData, recipe: FrameRecipe) -> bytes:
    """The networks in LiteRT's format, as one that gives probabilities.

    Raises:
        ExportError: if it does not equal the fitted one
    """
    build = partial(recipe.build, softmax=True)
    return to_litert(fitted.model, build, proof_of(fitted, training_data, recipe), logits=True)
