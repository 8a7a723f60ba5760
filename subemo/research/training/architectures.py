"""The eight networks of the 2024 report (Davies and Chen; Appendix 10), as Keras models.

All take (batch, 161, 1) and output (batch, 8) probabilities. Where the report
is silent, its source notebook or its Appendix 11 decides, as noted in
`Architecture.note`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...core.emotions import EMOTIONS

INPUT_SIZE = 161

#: Appendix 11's total.
REPORT_CRNN_PARAMETERS = 703_752


@dataclass(frozen=True)
class Architecture:
    """A network that can be built.

    Attributes:
        title: its name, as in Appendix 10 or similar
        reported: the test accuracy in the 2024 report, under its own protocol, 0 to 1
        layers: makes all layers but the last, from Keras's layers and whether to unroll recurrences
        note: what the 2024 report leaves open, and what we chose
    """

    title: str
    reported: float
    layers: Callable[[Any, bool], Iterator[Any]]
    note: str = ""

    def build(self, *, unroll: bool = False, batch_size: int | None = None) -> Any:
        """Builds the untrained Keras model.

        Args:
            unroll: whether to unroll recurrences, which is faster to
                train and required by LiteRT
            batch_size: fixed number of rows; None for any
        """
        from .keras_adapter import keras

        model = keras.Sequential([keras.Input((INPUT_SIZE, 1), batch_size=batch_size)])
        for layer in self.layers(keras.layers, unroll):
            model.add(layer)
        model.add(keras.layers.Dense(len(EMOTIONS), activation="softmax"))
        return model


def _one_convolution(layers: Any, _: bool) -> Iterator[Any]:
    yield layers.Conv1D(128, 5, padding="same", activation="relu")
    yield layers.Dropout(0.2)
    yield layers.Flatten()


def _four_convolutions(layers: Any, _: bool) -> Iterator[Any]:
    for filters in (256, 256, 128, 64):
        yield layers.Conv1D(filters, 5, padding="same", activation="relu")
        yield layers.MaxPooling1D(5, strides=2, padding="same")
        if filters == 128:
            yield layers.Dropout(0.2)
    yield layers.Flatten()
    yield layers.Dense(32, activation="relu")
    yield layers.Dropout(0.3)


#: Filters, kernel size and activation of a convolution.
_Convolutions = tuple[tuple[int, int, str], ...]


def _recurrent(
    layers: Any,
    unroll: bool,
    *,
    convolutions: _Convolutions,
    recurrence: str = "LSTM",
    dropout: float = 0.2,
) -> Iterator[Any]:
    """Convolutions, each halved by max pooling, then four recurrent layers of 64."""
    for filters, size, activation in convolutions:
        yield layers.Conv1D(filters, size, padding="same", activation=activation)
        yield layers.MaxPooling1D(2)
    yield layers.TimeDistributed(layers.Flatten())
    for position in range(4):
        yield getattr(layers, recurrence)(64, return_sequences=position < 3, unroll=unroll)
        yield layers.Dropout(dropout)


_PLAIN = ((64, 3, "relu"),) * 3
_SIZED = ((64, 5, "relu"), (128, 3, "relu"), (256, 3, "relu"))
_DEEPER = (*_SIZED, (512, 3, "relu"))
_VARIED = ((64, 5, "relu"), (128, 3, "elu"), (256, 3, "tanh"), (512, 3, "relu"))
_GROWING = ((64, 3, "relu"), (128, 3, "relu"), (256, 3, "relu"))

#: The rows of Appendix 10, in order. The last one is the shipped model.
ARCHITECTURES: dict[str, Architecture] = {
    "cnn-1": Architecture(
        "CNN, 1 convolution", 0.6276, _one_convolution, "padding 'same', as in Appendix 11"
    ),
    "cnn-4": Architecture(
        "CNN, 4 convolutions",
        0.6563,
        _four_convolutions,
        "filters 256, 256, 128, 64 of size 5, pooling 5 with stride 2, Dense 32, dropout 0.2 "
        "after the third pooling and 0.3 after the dense layer: as in the notebook that the "
        "2024 report builds on, which has just these two dropouts",
    ),
    "crnn": Architecture("CRNN", 0.6729, partial(_recurrent, convolutions=_PLAIN)),
    "crnn-dropout": Architecture(
        "… dropout 0.1",
        0.6734,
        partial(_recurrent, convolutions=_PLAIN, dropout=0.1),
        "67.35 in the 2024 report's text; not kept in later rows",
    ),
    "crnn-size": Architecture(
        "… layer size",
        0.7010,
        partial(_recurrent, convolutions=_SIZED),
        "the text says filter size 3 → 5, the table 'layer size'; Appendix 11 has size 5 in "
        "the first convolution only, and growing filters: taken as that, 64 × 5, 128 × 3, "
        "256 × 3",
    ),
    "crnn-layer": Architecture(
        "… one more convolution",
        0.7443,
        partial(_recurrent, convolutions=_DEEPER),
        "512 × 3 (Appendix 11)",
    ),
    "crnn-activations": Architecture(
        "… activations",
        0.7620,
        partial(_recurrent, convolutions=_VARIED),
        "second ELU, third tanh",
    ),
    "crnn-gru": Architecture(
        "… GRU",
        0.7651,
        partial(_recurrent, convolutions=_VARIED, recurrence="GRU"),
        "Appendix 11 exactly; 76.5 in the text",
    ),
}

#: Other readings of a row, trained once to explain differences from its figures.
READINGS: dict[str, Architecture] = {
    "crnn-growing": Architecture(
        "CRNN, filters that grow: 64 × 3, 128 × 3, 256 × 3",
        0.6729,
        partial(_recurrent, convolutions=_GROWING),
    ),
}

#: The row of the final model, `report-crnn`.
FINAL = "crnn-gru"
