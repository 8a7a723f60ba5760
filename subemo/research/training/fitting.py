"""Fits the default model's networks to clips of the training data, and exports them."""

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

#: One of this many clips is used to verify the exported network.
_PROOF = 20


@dataclass(frozen=True, eq=False)
class Fitted:
    """Fitted networks.

    Attributes:
        model: a Keras model that outputs the mean logits of all networks
        training: the statistics of the original training clips
    """

    model: Any
    training: Statistics


def fit(
    training_data: TrainingData, clips: Index, recipe: FrameRecipe, *, stage: str, on_step: OnStep
) -> Fitted:
    """Fits networks to some clips.

    Args:
        training_data: all clips
        clips: positions of the training clips
        recipe: the hyperparameters
        stage: the stage's name in progress reports
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
    """Real inputs of the networks for verifying the export, shape (rows, steps + 2, size + 1)."""
    return np.stack(
        [
            row
            for versions in training_data.table.frames[::_PROOF]
            for row, _ in rows_of(fitted.training.standardise(versions[0]), recipe.network.steps)
        ]
    )


def export(fitted: Fitted, training_data: TrainingData, recipe: FrameRecipe) -> bytes:
    """Exports the networks to LiteRT as one network that outputs probabilities.

    Raises:
        ExportError: if it differs from the fitted one
    """
    build = partial(recipe.build, softmax=True)
    return to_litert(fitted.model, build, proof_of(fitted, training_data, recipe), logits=True)
