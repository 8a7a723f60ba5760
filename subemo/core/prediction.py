"""The prediction of a model for a voice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .emotions import EMOTIONS, Emotion

#: Tolerance for rounding of probabilities in single precision.
_SLACK, _SLACK_OF_SUM = 1e-6, 1e-3

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Prediction:
    """The emotion of a voice as probabilities.

    Attributes:
        probabilities: of the eight emotions, in the order of `EMOTIONS`, summing to 1

    Example:
        >>> prediction = Prediction((0.1, 0.0, 0.0, 0.6, 0.3, 0.0, 0.0, 0.0))
        >>> prediction.emotion, prediction.confidence
        (<Emotion.SAD: 'sad'>, 0.6)
    """

    probabilities: tuple[float, ...]

    @classmethod
    def of(cls, answer: npt.NDArray[np.floating[Any]]) -> Prediction:
        """Makes a prediction from an array, shape (8,)."""
        return cls(tuple(float(probability) for probability in answer))

    @property
    def emotion(self) -> Emotion:
        """The likeliest emotion."""
        return EMOTIONS[self.probabilities.index(self.confidence)]

    @property
    def confidence(self) -> float:
        """The probability of the likeliest emotion, 0 to 1."""
        return max(self.probabilities)

    def by_emotion(self) -> dict[str, float]:
        """The probabilities by the emotions' names, to six digits."""
        pairs = zip(EMOTIONS, self.probabilities, strict=True)
        return {emotion.value: round(probability, 6) for emotion, probability in pairs}


def are_probabilities(rows: npt.NDArray[np.floating[Any]]) -> bool:
    """Whether every row is a distribution: numbers from 0 to 1 that sum to 1.

    Args:
        rows: shape (…, 8)
    """
    # NaN fails every comparison.
    return bool(
        ((rows >= 0) & (rows <= 1 + _SLACK)).all()
        and (abs(rows.sum(axis=-1, dtype="f8") - 1) <= _SLACK_OF_SUM).all()
    )
