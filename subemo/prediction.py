"""How a voice sounds, as a model puts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .emotions import EMOTIONS, Emotion

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Prediction:
    """How a voice sounds.

    Attributes:
        probabilities: of the eight emotions, in the order of `EMOTIONS`, summing to 1
    """

    probabilities: tuple[float, ...]

    @classmethod
    def of(cls, answer: npt.NDArray[np.floating[Any]]) -> Prediction:
        """A prediction of an array, shape (8,)."""
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
