"""Calibrated probabilities: temperature scaling (Guo et al., 2017)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def soften(logits: npt.ArrayLike, temperature: float = 1.0) -> Array:
    """The softmax of logits, or of log probabilities, with a temperature.

    Args:
        logits: shape (…, classes)
        temperature: above 1 makes them less confident
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
