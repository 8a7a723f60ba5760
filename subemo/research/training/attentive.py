"""The default model: a convolution, a recurrence both ways, and attention over the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...core.emotions import EMOTIONS
from ...model.batching import SUMMARY


@dataclass(frozen=True)
class AttentiveCrnn:
    """A CRNN over frames, and beside it what the whole stretch comes to.

    Takes (batch, `steps` + 2, `size` + 1), see `subemo.model.batching`. Gives (batch, 8).

    Attributes:
        size: numbers in a frame
        first: the first of them that it sees
        width: how many of them it sees; 0 for all
        steps: frames that the network takes at once
        filters: of the convolution
        kernel_size: of the convolution, in frames
        pool: frames that become one after the convolution
        units: of the GRU, in each direction
        frame_dropout: share of the features that are dropped in a whole clip
        dropout: share of what is pooled that is dropped
        summary_dropout: share of the summary that is dropped
        decay: L2 penalty on the weights that see what is pooled
        summary_decay: L2 penalty on the weights that see the summary
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
        """The untrained Keras model.

        Args:
            unroll: lays the recurrence out step by step, as LiteRT needs it
            batch_size: fixed number of rows, or any
            softmax: whether it gives probabilities, or else logits
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
        """Its own columns, without the last one, the mask."""
        return given[..., self.first : self.first + (self.width or self.size)]

    def _attended(self, given: Any, keras: Any, *, unroll: bool) -> Any:
        """Frames to one vector: convolution, recurrence both ways, attention (Bahdanau's)."""
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
        # A softmax over what is not padding. Not by adding a large negative
        # number: with one row, Keras takes that for a bias, which LiteRT refuses.
        weight = ops.exp(score) * mask
        return ops.sum(weight * x, axis=1) / ops.sum(weight, axis=1)

    def _logits(self, x: Any, keras: Any, dropout: float, decay: float, *, use_bias: bool) -> Any:
        x = keras.layers.Dropout(dropout)(x)
        penalty = keras.regularizers.L2(decay)
        dense = keras.layers.Dense(len(EMOTIONS), use_bias=use_bias, kernel_regularizer=penalty)
        return dense(x)
