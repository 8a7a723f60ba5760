"""Probabilities that mean something: temperature scaling (Guo et al., 2017)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

#: Where a temperature is looked for.
BOUNDS = (0.25, 8.0)


def soften(logits: npt.ArrayLike, temperature: float = 1.0) -> Array:
    """The probabilities of logits, or of logarithms of probabilities.

    Args:
        logits: shape (…, classes); minus infinity is a class that cannot be
        temperature: above 1 makes them less sure
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def fit_temperature(logits: Array, labels: Index, weights: Array) -> float:
    """The temperature under which *labels* are likeliest.

    Args:
        logits: of clips that the model did not learn from, shape (clips, 8);
            minus infinity for classes that a clip's corpus does not have
        labels: true classes, shape (clips,)
        weights: how much each clip counts, shape (clips,)
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(labels.size)

    def loss(log_temperature: float) -> float:
        true = soften(logits, float(np.exp(log_temperature)))[rows, labels]
        return float(-np.average(np.log(np.maximum(true, 1e-12)), weights=weights))

    found = minimize_scalar(loss, bounds=np.log(BOUNDS), method="bounded")
    return float(np.exp(found.x))
