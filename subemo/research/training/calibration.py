"""The temperature of a model, fitted (Guo et al., 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.emotions import Emotion
from ...model.calibration import Array, soften
from ..evaluation.scoring import score

#: Where a temperature is looked for.
BOUNDS = (0.25, 8.0)


@dataclass(frozen=True, eq=False)
class HeldOutLogits:
    """Answers to clips that the model did not learn from.

    Attributes:
        emotions: the true ones
        logits: shape (clips, 8)
    """

    emotions: Sequence[Emotion]
    logits: Array


def fit_temperature(sets: Sequence[HeldOutLogits]) -> float:
    """The temperature under which the true emotions are likeliest.

    As it is scored: over the classes that a set has. Each set counts alike.

    Args:
        sets: one for each corpus, at least one
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        return float(np.mean([_surprise(one, float(np.exp(log_temperature))) for one in sets]))

    found = minimize_scalar(loss, bounds=np.log(BOUNDS), method="bounded")
    return float(np.exp(found.x))


def _surprise(one: HeldOutLogits, temperature: float) -> float:
    """The mean negative logarithm of the true emotions' probabilities."""
    groups = [""] * len(one.emotions)
    scored = score(one.emotions, soften(one.logits, temperature), groups=groups)
    true = scored.probabilities[np.arange(len(groups)), scored.labels]
    return float(-np.log(np.maximum(true, 1e-12)).mean())
