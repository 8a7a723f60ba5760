"""The eight networks of the 2024 report (Davies and Chen; Appendix 10), as Keras models.

All take (batch, 161, 1) and output (batch, 8) probabilities. Where the report
is silent, its source notebook or its Appendix 11 decides, as noted in
`Architecture`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ...core.emotions import EMOTIONS

INPUT_SIZE = 161

#: Appendix 11's total.
REPORT_CRNN_PARAMETERS = 703_752


class Architecture(Protocol):
    """A network that can be built."""

    @property
    def title(self) -> str:
        """Its name, as in Appendix 10 or similar."""
        ...

    @property
    def reported(self) -> float:
        """The test accuracy in the 2024 report, under its own protocol, 0 to 1."""
        ...

    @property
    def note(self) -> str:
        """What the 2024 report leaves open, and what we chose."""
        ...

    def build(self, *, unroll: bool = False, batch_size: int | None = None) -> Any:
        """Builds the untrained Keras model.

        Args:
            unroll: whether to unroll recurrences, which is faster to
                train and required by LiteRT
            batch_size: fixed number of rows; None for any
        """
        ...


@dataclass(frozen=True)
class Convolution:
    """One Conv1D with 'same' padding: filters, kernel size, activation."""

    filters: int
    kernel_size: int
    activation: str = "relu"


@dataclass(frozen=True)
class OneConvolution:
    """The baseline: Conv1D 128 × 5, ReLU, Dropout 0.2, Flatten, Dense 8."""

    title: str = "CNN, 1 convolution"
    reported: float = 0.6276
    note: str = "padding 'same', as in Appendix 11"

    def build(self, *, unroll: bool = False, batch_size: int | None = None) -> Any:
        """See `Architecture.build`; there is no recurrence to unroll."""
        del unroll
        keras, layers = _keras()
        model = keras.Sequential([keras.Input((INPUT_SIZE, 1), batch_size=batch_size)])
        model.add(layers.Conv1D(128, 5, padding="same", activation="relu"))
        model.add(layers.Dropout(0.2))
        return _with_answer(model, layers, flatten=True)


@dataclass(frozen=True)
class FourConvolutions:
    """Four convolutions, each followed by max pooling, and two dense layers."""

    title: str = "CNN, 4 convolutions"
    reported: float = 0.6563
    note: str = (
        "filters 256, 256, 128, 64 of size 5, pooling 5 with stride 2, Dense 32, dropout 0.2 "
        "after the third pooling and 0.3 after the dense layer: as in the notebook that the "
        "2024 report builds on, which has just these two dropouts"
    )

    def build(self, *, unroll: bool = False, batch_size: int | None = None) -> Any:
        """See `Architecture.build`; there is no recurrence to unroll."""
        del unroll
        keras, layers = _keras()
        model = keras.Sequential([keras.Input((INPUT_SIZE, 1), batch_size=batch_size)])
        for filters in (256, 256, 128, 64):
            model.add(layers.Conv1D(filters, 5, padding="same", activation="relu"))
            model.add(layers.MaxPooling1D(5, strides=2, padding="same"))
            if filters == 128:
                model.add(layers.Dropout(0.2))
        model.add(layers.Flatten())
        model.add(layers.Dense(32, activation="relu"))
        model.add(layers.Dropout(0.3))
        return _with_answer(model, layers)


@dataclass(frozen=True)
class Crnn:
    """Convolutions, each halved by max pooling, then four recurrent layers of 64.

    Attributes:
        convolutions: in order
        recurrence: ``LSTM`` or ``GRU``
        dropout: after each recurrent layer
    """

    title: str
    reported: float
    convolutions: tuple[Convolution, ...]
    recurrence: str = "LSTM"
    dropout: float = 0.2
    note: str = ""

    def build(self, *, unroll: bool = False, batch_size: int | None = None) -> Any:
        """See `Architecture.build`."""
        keras, layers = _keras()
        model = keras.Sequential([keras.Input((INPUT_SIZE, 1), batch_size=batch_size)])
        for convolution in self.convolutions:
            model.add(
                layers.Conv1D(
                    convolution.filters,
                    convolution.kernel_size,
                    padding="same",
                    activation=convolution.activation,
                )
            )
            model.add(layers.MaxPooling1D(2))
        model.add(layers.TimeDistributed(layers.Flatten()))
        recurrence = getattr(layers, self.recurrence)
        for position in range(4):
            model.add(recurrence(64, return_sequences=position < 3, unroll=unroll))
            model.add(layers.Dropout(self.dropout))
        return _with_answer(model, layers)


_PLAIN = (Convolution(64, 3),) * 3
_SIZED = (Convolution(64, 5), Convolution(128, 3), Convolution(256, 3))
_DEEPER = (*_SIZED, Convolution(512, 3))
_VARIED = (
    Convolution(64, 5, "relu"),
    Convolution(128, 3, "elu"),
    Convolution(256, 3, "tanh"),
    Convolution(512, 3, "relu"),
)

#: The rows of Appendix 10, in order. The last one is the shipped model.
ARCHITECTURES: dict[str, Architecture] = {
    "cnn-1": OneConvolution(),
    "cnn-4": FourConvolutions(),
    "crnn": Crnn("CRNN", 0.6729, _PLAIN),
    "crnn-dropout": Crnn(
        "… dropout 0.1",
        0.6734,
        _PLAIN,
        dropout=0.1,
        note="67.35 in the 2024 report's text; not kept in later rows",
    ),
    "crnn-size": Crnn(
        "… layer size",
        0.7010,
        _SIZED,
        note=(
            "the text says filter size 3 → 5, the table 'layer size'; Appendix 11 has size 5 in "
            "the first convolution only, and growing filters: taken as that, 64 × 5, 128 × 3, "
            "256 × 3"
        ),
    ),
    "crnn-layer": Crnn("… one more convolution", 0.7443, _DEEPER, note="512 × 3 (Appendix 11)"),
    "crnn-activations": Crnn("… activations", 0.7620, _VARIED, note="second ELU, third tanh"),
    "crnn-gru": Crnn(
        "… GRU", 0.7651, _VARIED, recurrence="GRU", note="Appendix 11 exactly; 76.5 in the text"
    ),
}

#: Other readings of a row, trained once to explain differences from its figures.
READINGS: dict[str, Architecture] = {
    "crnn-growing": Crnn(
        "CRNN, filters that grow: 64 × 3, 128 × 3, 256 × 3",
        0.6729,
        (Convolution(64, 3), Convolution(128, 3), Convolution(256, 3)),
    ),
}

#: The row of the final model, `report-crnn`.
FINAL = "crnn-gru"


def report_crnn(*, unroll: bool = False, batch_size: int | None = None) -> Any:
    """Builds `report-crnn`, exactly as in Appendix 11.

    Args:
        unroll: see `Architecture.build`
        batch_size: see `Architecture.build`
    """
    model = ARCHITECTURES[FINAL].build(unroll=unroll, batch_size=batch_size)
    assert model.count_params() == REPORT_CRNN_PARAMETERS, model.count_params()
    return model


def _keras() -> tuple[Any, Any]:
    from .keras_adapter import keras

    return keras, keras.layers


def _with_answer(model: Any, layers: Any, *, flatten: bool = False) -> Any:
    if flatten:
        model.add(layers.Flatten())
    model.add(layers.Dense(len(EMOTIONS), activation="softmax"))
    return model
