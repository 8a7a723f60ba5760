"""From Keras to LiteRT, with proof that nothing changed on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.errors import SubemoError
from ...features import Vector
from ...model.calibration import soften
from ...model.litert import LiteRT

#: The largest difference of a probability that the export may make.
TOLERANCE = 1e-5


class ExportError(SubemoError):
    """An exported model that does not answer as the trained one does."""


def to_litert(
    model: Any, build: Callable[..., Any], rows: Vector, *, logits: bool = False
) -> bytes:
    """The model in LiteRT's format, of plain operators only.

    Args:
        model: a trained Keras model
        build: makes the same architecture; called with ``unroll=True`` and
            ``batch_size=1``, which is what converts to plain operators
        rows: real, standardised input to prove equality on, shape (rows, size) or
            (rows, steps + 2, size + 1)
        logits: whether *model* gives logits; what *build* makes gives probabilities

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
        raise ExportError(f"the exported model differs from Keras by {worst:.2g}")
    return weights
