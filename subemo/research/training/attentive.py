"""The default network: a convolution, a bidirectional GRU and attention over frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...core.emotions import EMOTIONS
from ...model.batching import SUMMARY


@dataclass(frozen=True)
class AttentiveCrnn:
    """A CRNN over frames, with a branch for the segment's summary.

    Takes (batch, `steps` + 2, `size` + 1), see `subemo.model.batching`. Outputs (batch, 8).

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
