"""The networks, as Keras models."""

from __future__ import annotations

from typing import Any

from ..emotions import EMOTIONS

#: Appendix 11's total.
REPORT_CRNN_PARAMETERS = 703_752


def report_crnn(*, unroll: bool = False, batch_size: int | None = None) -> Any:
    """The report's final model, exactly as Appendix 11 lists it.

    Four convolutions over the 161 averaged features, each halved by max
    pooling, then four GRUs. Activations are the report's text ("Variations"):
    ReLU, ELU, tanh, ReLU.

    Args:
        unroll: lays the recurrence out step by step, which LiteRT needs
        batch_size: fixed number of rows, or any

    Returns:
        a Keras model: input (batch, 161, 1), output (batch, 8), probabilities
    """
    from ._keras import keras

    layers = keras.layers
    model = keras.Sequential(name="report_crnn")
    model.add(keras.Input((161, 1), batch_size=batch_size))
    for filters, kernel_size, activation in (
        (64, 5, "relu"),
        (128, 3, "elu"),
        (256, 3, "tanh"),
        (512, 3, "relu"),
    ):
        model.add(layers.Conv1D(filters, kernel_size, padding="same", activation=activation))
        model.add(layers.MaxPooling1D(2))
    model.add(layers.TimeDistributed(layers.Flatten()))
    for position in range(4):
        model.add(layers.GRU(64, return_sequences=position < 3, unroll=unroll))
        model.add(layers.Dropout(0.2))
    model.add(layers.Dense(len(EMOTIONS), activation="softmax"))
    assert model.count_params() == REPORT_CRNN_PARAMETERS, model.count_params()
    return model
