"""Trains the default model on frames and predicts held-out clips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS
from ...features import DEFAULT_FRAMES, FrameFeatures, Vector
from ...model.batching import SUMMARY, Row, rows_of
from ...model.statistics import Statistics
from .attentive import AttentiveCrnn
from .batches import Batches, Sampling


@dataclass(frozen=True)
class FrameRecipe:
    """The hyperparameters of the default model.

    Attributes:
        network: the network
        sampling: the sampling of batches
        epochs: number of epochs, each with as many rows as there are clips
        learning_rate: initial learning rate of Adam, with cosine decay to zero
        average: momentum of the moving average of the weights, which is saved
        seed: random seed
        networks: number of networks, with seeds from *seed*; their logits are averaged
        widths: number of values in a frame from each layer of the encoders;
            each network uses those of one layer, in turn
    """

    network: AttentiveCrnn = field(default_factory=lambda: AttentiveCrnn(DEFAULT_FRAMES.size))
    sampling: Sampling = field(default_factory=Sampling)
    epochs: int = 20
    learning_rate: float = 1e-3
    average: float = 0.99
    seed: int = 0
    networks: int = 2
    widths: tuple[int, ...] = DEFAULT_FRAMES.widths

    def __post_init__(self) -> None:
        if sum(self.widths) != self.network.size:
            raise ValueError(f"widths {self.widths} of frames of {self.network.size} values")

    def network_of(self, number: int) -> AttentiveCrnn:
        """The network with a number, from 0, and its part of each frame."""
        layer = number % len(self.widths)
        first, width = sum(self.widths[:layer]), self.widths[layer]
        return replace(self.network, first=first, width=width)

    def build(self, *, unroll: bool = False, batch_size: int | None = None, softmax: bool) -> Any:
        """Builds the untrained Keras model of all networks; see `AttentiveCrnn.build`."""
        if self.networks == 1:
            return self.network_of(0).build(unroll=unroll, batch_size=batch_size, softmax=softmax)
        from .keras_adapter import keras

        shape = (self.network.steps + SUMMARY, self.network.size + 1)
        given = keras.Input(shape, batch_size=batch_size)
        parts = [
            self.network_of(number).build(unroll=unroll, batch_size=batch_size, softmax=False)(
                given
            )
            for number in range(self.networks)
        ]
        logits = keras.layers.Average()(parts)
        return keras.Model(given, keras.layers.Softmax()(logits) if softmax else logits)

    def of_features(self, features: FrameFeatures) -> FrameRecipe:
        """The recipe for frames of another size or other layers."""
        network = replace(self.network, size=features.size)
        return replace(self, network=network, widths=features.widths)

    def with_settings(self, settings: Mapping[str, str]) -> FrameRecipe:
        """The recipe with some hyperparameters changed, for ablations.

        Args:
            settings: values by name, nested ones as ``network.units`` or
                ``sampling.mixup``; several numbers as ``384+512``

        Raises:
            ValueError: if a name or value is invalid
        """
        recipe = self
        for name, text in settings.items():
            part, _, field_name = name.rpartition(".")
            owner = getattr(recipe, part, None) if part else recipe
            old = getattr(owner, field_name, None)
            if not isinstance(old, int | float | str | tuple) or (part and not is_dataclass(owner)):
                raise ValueError(f"the recipe has no setting {name!r}")
            changed = {field_name: _read(old, text)}
            recipe = replace(recipe, **({part: replace(owner, **changed)} if part else changed))  # type: ignore[type-var]
        return recipe

    def changed(self, *, epochs: int | None, batch_size: int | None, seed: int) -> FrameRecipe:
        """The recipe with the user's changes; None leaves a value."""
        sampling = self.sampling
        if batch_size is not None:
            sampling = replace(sampling, batch_size=batch_size)
        return replace(self, epochs=epochs or self.epochs, sampling=sampling, seed=seed)


def _read(old: object, text: str) -> object:
    """A setting's value, of the type of the one that it replaces."""
    if isinstance(old, tuple):
        return tuple(type(old[0])(part) for part in text.split("+"))
    return type(old)(text)  # type: ignore[call-arg]


def train_frames(
    batches: Batches,
    recipe: FrameRecipe,
    *,
    on_epoch: Callable[[int, float], None] = lambda _epoch, _loss: None,
) -> Any:
    """Trains a Keras model that outputs the mean logits of all networks.

    Args:
        batches: the training data
        recipe: the hyperparameters
        on_epoch: called after each epoch with its number, over all networks, and training loss
    """
    networks = [_train_one(batches, recipe, number, on_epoch) for number in range(recipe.networks)]
    if len(networks) == 1:
        return networks[0]
    joint = recipe.build(softmax=False)
    joint.set_weights([weight for network in networks for weight in network.get_weights()])
    return joint


def _train_one(
    batches: Batches, recipe: FrameRecipe, number: int, on_epoch: Callable[[int, float], None]
) -> Any:
    from .keras_adapter import keras

    keras.utils.set_random_seed(recipe.seed + number)
    model = recipe.network_of(number).build(softmax=False)
    steps = recipe.epochs * batches.per_epoch
    optimizer = keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps),
        clipnorm=1.0,
        use_ema=True,
        ema_momentum=recipe.average,
    )
    model.compile(optimizer, masked_cross_entropy)
    first = number * recipe.epochs + 1
    for epoch in range(first, first + recipe.epochs):
        losses = [model.train_on_batch(*batch) for batch in batches.epoch(epoch)]
        on_epoch(epoch, float(losses[-1]))
    optimizer.finalize_variable_values(model.trainable_variables)
    return model


def masked_cross_entropy(targets: Any, logits: Any) -> Any:
    """Cross-entropy over the classes of a clip's corpus.

    Classes missing from the corpus are masked.

    Args:
        targets: shape (rows, 16): probabilities, and 1 for each class of the corpus
        logits: shape (rows, 8)
    """
    from .keras_adapter import keras

    ops, classes = keras.ops, len(EMOTIONS)
    wanted, allowed = targets[:, :classes], targets[:, classes:]
    logs = ops.log_softmax(logits + (allowed - 1.0) * 1e9, axis=-1)
    return -ops.sum(wanted * allowed * logs, axis=-1)


def predict_logits(
    model: Any,
    clips: Sequence[Vector],
    statistics: Statistics,
    *,
    steps: int,
) -> npt.NDArray[np.float64]:
    """The mean logits of each clip's windows, shape (clips, 8).

    Args:
        model: a model that outputs logits
        clips: the frames of each clip, shape (frames, size)
        statistics: statistics for standardising
        steps: number of frames that the model takes at once
    """
    rows: list[Row] = []
    owner, weights = [], []
    for number, frames in enumerate(clips):
        for row, length in rows_of(statistics.standardise(frames), steps):
            rows.append(row)
            owner.append(number)
            weights.append(length)
    answers = _predict(model, rows)
    sums = np.zeros((len(clips), len(EMOTIONS)))
    np.add.at(sums, owner, answers * np.array(weights)[:, None])
    return np.asarray(sums / np.bincount(owner, weights)[:, None])


def _predict(model: Any, rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    """Predicts logits in batches of one size, since each size is compiled separately."""
    size = 256
    answers = []
    for start in range(0, len(rows), size):
        batch = np.stack(rows[start : start + size])
        filled = np.concatenate([batch, np.repeat(batch[:1], size - len(batch), axis=0)])
        answers.append(model.predict_on_batch(filled)[: len(batch)])
    return np.concatenate(answers).astype(np.float64)
