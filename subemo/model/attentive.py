"""The default model: a convolution, a recurrence both ways, and attention over the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..emotions import EMOTIONS


@dataclass(frozen=True)
class AttentiveCrnn:
    """A CRNN over frames.

    Takes (batch, `steps`, `size` + 1): standardised frames, padded with zeros,
    and in the last column 1 for a frame and 0 for padding. Gives (batch, 8).

    Attributes:
        size: numbers in a frame
        steps: frames that the network takes at once
        filters: of the convolution
        kernel_size: of the convolution, in frames
        units: of the GRU, in each direction
        frame_dropout: share of the features that are dropped in a whole clip
        dropout: share of what is pooled that is dropped
        decay: L2 penalty on the weights that see what is pooled
        pooled: what is pooled over time: ``attention`` (Bahdanau's, masked),
            ``statistics`` (mean and deviation of the input), or ``both``
    """

    size: int
    steps: int = 40
    filters: int = 96
    kernel_size: int = 3
    units: int = 48
    frame_dropout: float = 0.2
    dropout: float = 0.5
    decay: float = 1e-3
    pooled: str = "both"

    def build(self, *, unroll: bool = False, batch_size: int | None = None, softmax: bool) -> Any:
        """The untrained Keras model.

        Args:
            unroll: lays the recurrence out step by step, as LiteRT needs it
            batch_size: fixed number of rows, or any
            softmax: whether it gives probabilities, or else logits
        """
        from ._keras import keras

        layers, ops = keras.layers, keras.ops
        given = keras.Input((self.steps, self.size + 1), batch_size=batch_size)
        frames, mask = given[..., :-1], given[..., -1:]
        count = ops.sum(mask, axis=1)
        pooled = []
        if self.pooled != "attention":
            mean = ops.sum(frames * mask, axis=1) / count
            centred = (frames - mean[:, None]) * mask
            deviation = ops.sqrt(ops.sum(centred * centred, axis=1) / count + 1e-5)
            statistics = layers.Concatenate()([mean, deviation])
            pooled.append(layers.Dropout(self.dropout)(statistics))
        if self.pooled != "statistics":
            x = layers.SpatialDropout1D(self.frame_dropout)(frames)
            x = layers.Conv1D(self.filters, self.kernel_size, padding="same")(x)
            x = layers.ReLU()(x) * mask
            x = layers.SpatialDropout1D(self.frame_dropout)(x)
            recurrence = layers.GRU(self.units, return_sequences=True, unroll=unroll)
            x = layers.Bidirectional(recurrence)(x)
            hidden = layers.Conv1D(self.units, 1, activation="tanh", use_bias=False)(x)
            score = layers.Conv1D(1, 1, use_bias=False)(hidden)
            # A softmax over what is not padding. Not by adding a large negative
            # number: with one row, Keras takes that for a bias, which LiteRT refuses.
            weight = ops.exp(score) * mask
            attended = ops.sum(weight * x, axis=1) / ops.sum(weight, axis=1)
            pooled.append(layers.Dropout(self.dropout)(attended))
        penalty = keras.regularizers.L2(self.decay)
        parts = [
            layers.Dense(len(EMOTIONS), use_bias=not i, kernel_regularizer=penalty)(one)
            for i, one in enumerate(pooled)
        ]
        logits = parts[0] if len(parts) == 1 else layers.Add()(parts)
        return keras.Model(given, layers.Softmax()(logits) if softmax else logits)
