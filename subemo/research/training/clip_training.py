"""Trains a network on a table of features, resumable after each epoch."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS
from ...core.files import write_atomically
from ...features import Vector

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClipRecipe:
    """The hyperparameters of a training.

    The defaults are those of the notebook on which the 2024 report (Davies and Chen) is based.

    Attributes:
        epochs: number of epochs; the last one is reported
        most_epochs: if larger than `epochs`, training continues until
            the training loss is flat, up to this number; the test side is not used
        flat_rate: the loss counts as flat once plateaus have reduced the
            learning rate below this
        batch_size: rows per step
        learning_rate: initial learning rate of Adam
        plateau_factor: factor applied to the learning rate on a plateau of the training loss
        plateau_patience: epochs without improvement before that
        min_learning_rate: minimum learning rate
        seed: seed of the weights, the dropout and the order of rows
    """

    epochs: int = 50
    most_epochs: int = 0
    flat_rate: float = 1e-5
    batch_size: int = 64
    learning_rate: float = 1e-3
    plateau_factor: float = 0.4
    plateau_patience: int = 2
    min_learning_rate: float = 1e-7
    seed: int = 0

    def changed(self, *, epochs: int | None, batch_size: int | None, seed: int) -> ClipRecipe:
        """The recipe with the user's changes; None leaves a value."""
        return replace(
            self,
            epochs=epochs or self.epochs,
            batch_size=batch_size or self.batch_size,
            seed=seed,
        )


@dataclass(frozen=True)
class Epoch:
    """The curves of an epoch: accuracies 0 to 1, losses as cross-entropy in nats."""

    number: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float
    learning_rate: float


@dataclass(frozen=True)
class LabelledRows:
    """Standardised features, shape (rows, size), and their labels, shape (rows,)."""

    features: Vector
    labels: Index

    @property
    def targets(self) -> Vector:
        """One-hot labels, shape (rows, 8)."""
        return np.eye(len(EMOTIONS), dtype=np.float32)[self.labels]

    @property
    def inputs(self) -> Vector:
        """The features with the third axis of `report-crnn`, shape (rows, size, 1)."""
        return self.features[..., None]


@dataclass
class _Progress:
    """The state to save besides the variables."""

    history: list[Epoch] = field(default_factory=list)
    best_loss: float = float("inf")
    stalled: int = 0


def train(
    build: Callable[[], Any],
    train_rows: LabelledRows,
    test_rows: LabelledRows,
    *,
    recipe: ClipRecipe,
    checkpoint: Path,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
) -> tuple[Any, list[Epoch]]:
    """Trains a Keras model to its last epoch, resuming from *checkpoint* if it exists.

    No epoch is selected: the test rows are evaluated after each epoch for the
    curves only. A resumed run ends with the same weights as an uninterrupted
    one.

    Args:
        build: builds the untrained model
        train_rows: the training rows
        test_rows: the test rows, for the curves
        recipe: the hyperparameters
        checkpoint: an ``.npz`` file written after each epoch
        on_epoch: called after each epoch

    Returns:
        the trained model and its epochs
    """
    from .keras_adapter import keras

    keras.utils.set_random_seed(recipe.seed)
    model = build()
    optimizer = keras.optimizers.Adam(recipe.learning_rate)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    optimizer.build(model.trainable_variables)
    identity = _identity(recipe, train_rows, test_rows)
    progress = _restore(checkpoint, model, identity) if checkpoint.exists() else _Progress()

    inputs, targets = train_rows.inputs, train_rows.targets
    while _goes_on(len(progress.history), float(optimizer.learning_rate), recipe):
        number = len(progress.history) + 1
        order = np.random.default_rng([recipe.seed, number]).permutation(len(inputs))
        fitted = model.fit(
            inputs[order], targets[order], batch_size=recipe.batch_size, shuffle=False, verbose=0
        ).history
        test_loss, test_accuracy = model.evaluate(
            test_rows.inputs, test_rows.targets, batch_size=512, verbose=0
        )
        epoch = Epoch(
            number=number,
            loss=fitted["loss"][0],
            accuracy=fitted["accuracy"][0],
            test_loss=test_loss,
            test_accuracy=test_accuracy,
            learning_rate=float(optimizer.learning_rate),
        )
        progress.history.append(epoch)
        _reduce_on_plateau(optimizer, progress, recipe)
        _save(checkpoint, model, progress, identity)
        on_epoch(epoch)
    return model, progress.history


def _goes_on(done: int, learning_rate: float, recipe: ClipRecipe) -> bool:
    """Whether training continues after *done* epochs."""
    if done < recipe.epochs:
        return True
    return done < recipe.most_epochs and learning_rate >= recipe.flat_rate


def _reduce_on_plateau(optimizer: Any, progress: _Progress, recipe: ClipRecipe) -> None:
    # Keras's callback hides its state, so it could not be saved in a checkpoint.
    loss = progress.history[-1].loss
    if loss < progress.best_loss - 1e-4:
        progress.best_loss, progress.stalled = loss, 0
        return
    progress.stalled += 1
    if progress.stalled >= recipe.plateau_patience:
        rate = float(optimizer.learning_rate) * recipe.plateau_factor
        optimizer.learning_rate.assign(max(rate, recipe.min_learning_rate))
        progress.stalled = 0


def _variables(model: Any) -> list[Any]:
    # `variables`, unlike `weights`, includes the states of the dropout's generators.
    return [*model.variables, *model.optimizer.variables]


def _identity(recipe: ClipRecipe, *parts: LabelledRows) -> str:
    """The identity of a run; checkpoints of other recipes or rows are not resumed."""
    digest = hashlib.sha256(json.dumps(asdict(recipe)).encode())
    for rows in parts:
        digest.update(np.ascontiguousarray(rows.features).tobytes())
        digest.update(rows.labels.astype(np.int64).tobytes())
    return digest.hexdigest()


def _save(checkpoint: Path, model: Any, progress: _Progress, identity: str) -> None:
    arrays = {f"v{i:03}": np.asarray(v) for i, v in enumerate(_variables(model))}
    state = {
        "identity": identity,
        "history": [asdict(epoch) for epoch in progress.history],
        "best_loss": progress.best_loss,
        "stalled": progress.stalled,
    }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, state=np.array(json.dumps(state)), **arrays)
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(checkpoint, buffer.getvalue(), overwrite=True)


def _restore(checkpoint: Path, model: Any, identity: str) -> _Progress:
    with np.load(checkpoint, allow_pickle=False) as saved:
        state = json.loads(str(saved["state"]))
        if state["identity"] != identity:
            return _Progress()
        for i, variable in enumerate(_variables(model)):
            variable.assign(saved[f"v{i:03}"])
    return _Progress(
        history=[Epoch(**epoch) for epoch in state["history"]],
        best_loss=state["best_loss"],
        stalled=state["stalled"],
    )
