"""Exports Keras models to LiteRT and verifies the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.errors import SubemoError
from ...features import Vector
from ...model.network import LiteRT, soften

#: The largest allowed difference of a probability after export.
TOLERANCE = 1e-5


class ExportError(SubemoError):
    """An exported model whose predictions differ from the trained one's."""


def to_litert(
    model: Any, build: Callable[..., Any], rows: Vector, *, logits: bool = False
) -> bytes:
    """Converts a model to LiteRT format, with built-in operators only.

    Args:
        model: a trained Keras model
        build: builds the same architecture; called with ``unroll=True`` and
            ``batch_size=1``, which converts to built-in operators
        rows: real, standardised inputs to compare on, shape (rows, size) or
            (rows, steps + 2, size + 1)
        logits: whether *model* outputs logits; *build*'s model outputs probabilities

    Returns:
        the content of a ``.tflite`` file

    Raises:
        ExportError: if any probability differs by more than `TOLERANCE`
    """
    from .keras_adapter import quietly, tensorflow

    unrolled = build(unroll=True, batch_size=1)
    unrolled.set_weights(model.get_weights())
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(unrolled)
    with quietly():
        weights = bytes(converter.convert())

    runtime = LiteRT(weights)
    given = rows.reshape(-1, *model.input_shape[1:])
    expected = model.predict(given, batch_size=512, verbose=0)
    if logits:
        expected = soften(expected)
    exported = np.stack([runtime.probabilities(row) for row in rows])
    worst = float(np.abs(expected - exported).max())
    if not worst <= TOLERANCE:
        raise ExportError(f"the exported model's probabilities differ from Keras by {worst:.2g}")
    return weights
