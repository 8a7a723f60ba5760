"""The default network (a convolution, a bidirectional GRU and attention over frames), its training and its export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS
from ...core.progress import OnStep, Step
from ...features import DEFAULT_FRAMES, FrameFeatures, Vector
from ...model.network import SUMMARY, Row, rows_of
from ...model.statistics import Statistics
from .model_recipe import to_litert
from .training_data import Batches, Sampling, TrainingData


@dataclass(frozen=True)
class AttentiveCrnn:
    """A CRNN over frames, with a branch for the segment's summary.

    Takes (batch, `steps` + 2, `size` + 1), see `subemo.model.network`. Outputs (batch, 8).

    Attributes:
        size: values per frame
        first: index of the first value used
        width: number of values used; 0 for all
        steps: number of frames that the network takes at once
        filters: filters of the convolution
        kernel_size: kernel size of the convolution, in frames
        pool: pooling size after the convolution
        units: units of the GRU, in each direction
        frame_dropout: dropout rate of features over a whole clip
        dropout: dropout rate after pooling
        summary_dropout: dropout rate of the summary
        decay: L2 penalty on the weights after pooling
        summary_decay: L2 penalty on the weights of the summary
        sees: ``frames``, ``summary``, or ``both``
    """

    size: int
    first: int = 0
    width: int = 0
    steps: int = 40
    filters: int = 96
    kernel_size: int = 3
    pool: int = 2
    units: int = 48
    frame_dropout: float = 0.2
    dropout: float = 0.5
    summary_dropout: float = 0.2
    decay: float = 1e-3
    summary_decay: float = 3e-2
    sees: str = "both"

    def build(self, *, unroll: bool = False, batch_size: int | None = None, softmax: bool) -> Any:
        """Builds the untrained Keras model.

        Args:
            unroll: whether to unroll the recurrence, as required by LiteRT
            batch_size: fixed number of rows; None for any
            softmax: whether to output probabilities instead of logits
        """
        from .keras_adapter import keras

        layers = keras.layers
        given = keras.Input((self.steps + SUMMARY, self.size + 1), batch_size=batch_size)
        parts = []
        if self.sees != "summary":
            attended = self._attended(given[:, : self.steps], keras, unroll=unroll)
            parts.append(self._logits(attended, keras, self.dropout, self.decay, use_bias=True))
        if self.sees != "frames":
            summary = layers.Flatten()(self._seen(given[:, self.steps :]))
            bias = not parts
            dropout, decay = self.summary_dropout, self.summary_decay
            parts.append(self._logits(summary, keras, dropout, decay, use_bias=bias))
        logits = parts[0] if len(parts) == 1 else layers.Add()(parts)
        return keras.Model(given, layers.Softmax()(logits) if softmax else logits)

    def _seen(self, given: Any) -> Any:
        """The columns used, without the last one, the mask."""
        return given[..., self.first : self.first + (self.width or self.size)]

    def _attended(self, given: Any, keras: Any, *, unroll: bool) -> Any:
        """Frames to one vector: convolution, bidirectional GRU, Bahdanau attention."""
        layers, ops = keras.layers, keras.ops
        mask = given[..., -1:]
        x = layers.SpatialDropout1D(self.frame_dropout)(self._seen(given) * mask)
        x = layers.Conv1D(self.filters, self.kernel_size, padding="same", activation="relu")(x)
        x = layers.MaxPooling1D(self.pool)(x * mask)
        mask = layers.MaxPooling1D(self.pool)(mask)
        x = layers.SpatialDropout1D(self.frame_dropout)(x)
        recurrence = layers.GRU(self.units, return_sequences=True, unroll=unroll)
        x = layers.Bidirectional(recurrence)(x)
        hidden = layers.Conv1D(self.units, 1, activation="tanh", use_bias=False)(x)
        score = layers.Conv1D(1, 1, use_bias=False)(hidden)
        # A softmax over unmasked frames. Not by adding a large negative number:
        # with one row, Keras makes that a bias, which LiteRT refuses.
        weight = ops.exp(score) * mask
        return ops.sum(weight * x, axis=1) / ops.sum(weight, axis=1)

    def _logits(self, x: Any, keras: Any, dropout: float, decay: float, *, use_bias: bool) -> Any:
        x = keras.layers.Dropout(dropout)(x)
        penalty = keras.regularizers.L2(decay)
        dense = keras.layers.Dense(len(EMOTIONS), use_bias=use_bias, kernel_regularizer=penalty)
        return dense(x)


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
    """Trains a Keras model that outputs the mean logits of all networks."""
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
    """Fits networks to some clips."""

    def report(epoch: int, loss: float) -> None:
        note = f"epoch {epoch}: training loss {loss:.3f}"
        on_step(Step(stage, epoch, recipe.epochs * recipe.networks, note))

    batches = Batches(
        training_data.table, clips, training_data.silent, sampling=recipe.sampling, seed=recipe.seed
    )
    return Fitted(train_frames(batches, recipe, on_epoch=report), batches.training)


def export(fitted: Fitted, training_data: TrainingData, recipe: FrameRecipe) -> bytes:
    """Exports the networks to LiteRT as one network that outputs probabilities.

    Raises:
        ExportError: if it differs from the fitted one on clips of the training data
    """
    proof = [
        row
        for versions in training_data.table.frames[::_PROOF]
        for row, _ in rows_of(fitted.training.standardise(versions[0]), recipe.network.steps)
    ]
    build = partial(recipe.build, softmax=True)
    return to_litert(fitted.model, build, np.stack(proof), logits=True)
