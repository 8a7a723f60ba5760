"""Fits the temperature of a model (Guo et al., 2017)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...core.emotions import Emotion
from ...model.calibration import Array, soften
from ..evaluation.scoring import score

#: The search range of temperatures, as logarithms.
LOG_BOUNDS = (float(np.log(0.25)), float(np.log(8)))


@dataclass(frozen=True, eq=False)
class HeldOutLogits:
    """Predictions for clips not in the training data.

    Attributes:
        emotions: the true emotions
        logits: shape (clips, 8)
    """

    emotions: Sequence[Emotion]
    logits: Array


def fit_temperature(
    loss: Callable[[float], float], log_bounds: tuple[float, float] = LOG_BOUNDS
) -> float:
    """The temperature with the lowest loss.

    Args:
        loss: of a temperature, such as the mean of −log P(label)
        log_bounds: the range of the search, as logarithms
    """
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log: loss(float(np.exp(log))), bounds=log_bounds, method="bounded"
    )
    return float(np.exp(found.x))


def temperature_of(sets: Sequence[HeldOutLogits]) -> float:
    """The temperature that maximises the likelihood of the true emotions.

    As in scoring, over the classes of a set, with equal weight for each set.

    Args:
        sets: one set for each corpus, at least one
    """
    return fit_temperature(lambda found: float(np.mean([_surprise(one, found) for one in sets])))


def _surprise(one: HeldOutLogits, temperature: float) -> float:
    """The mean negative log-likelihood of the true emotions."""
    groups = [""] * len(one.emotions)
    scored = score(one.emotions, soften(one.logits, temperature), groups=groups)
    true = scored.probabilities[np.arange(len(groups)), scored.labels]
    return float(-np.log(np.maximum(true, 1e-12)).mean())
