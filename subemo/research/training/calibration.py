"""Fits the temperature of a model (Guo et al., 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.emotions import Emotion
from ...model.calibration import Array, soften
from ..evaluation.scoring import score

#: The search range of temperatures.
BOUNDS = (0.25, 8.0)


@dataclass(frozen=True, eq=False)
class HeldOutLogits:
    """Predictions for clips not in the training data.

    Attributes:
        emotions: the true emotions
        logits: shape (clips, 8)
    """

    emotions: Sequence[Emotion]
    logits: Array


def fit_temperature(sets: Sequence[HeldOutLogits]) -> float:
    """The temperature that maximises the likelihood of the true emotions.

    As in scoring, over the classes of a set, with equal weight for each set.

    Args:
        sets: one set for each corpus, at least one
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        return float(np.mean([_surprise(one, float(np.exp(log_temperature))) for one in sets]))

    found = minimize_scalar(loss, bounds=np.log(BOUNDS), method="bounded")
    return float(np.exp(found.x))


def _surprise(one: HeldOutLogits, temperature: float) -> float:
    """The mean negative log-likelihood of the true emotions."""
    groups = [""] * len(one.emotions)
    scored = score(one.emotions, soften(one.logits, temperature), groups=groups)
    true = scored.probabilities[np.arange(len(groups)), scored.labels]
    return float(-np.log(np.maximum(true, 1e-12)).mean())
