"""The eight emotions: their order, their names in corpora, and predictions of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any


class Emotion(StrEnum):
    """The eight classes of the 2024 report (Davies and Chen), in its order (RAVDESS codes 01 to 08).

    Example:
        >>> list(Emotion).index(Emotion.SAD), Emotion("sad") == "sad"
        (3, True)
    """

    NEUTRAL = "neutral"
    CALM = "calm"
    HAPPY = "happy"
    SAD = "sad"
    ANGRY = "angry"
    FEAR = "fear"
    DISGUST = "disgust"
    SURPRISE = "surprise"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)

#: Emotions without a tone worth captioning (BBC Subtitle
#: Guidelines 12.1: indicate "only where relevant").
UNMARKED: frozenset[Emotion] = frozenset({Emotion.NEUTRAL, Emotion.CALM})

#: Every spelling used by a corpus, in lower case.
SYNONYMS: Mapping[str, Emotion] = MappingProxyType(
    {
        spelling: emotion
        for emotion, spellings in {
            Emotion.NEUTRAL: "neutral neutrality neu neutrale n",
            Emotion.CALM: "calm calmness",
            Emotion.HAPPY: "happy happiness joy hap gio gioia h",
            Emotion.SAD: "sad sadness tri tristezza sa",
            Emotion.ANGRY: "angry anger ang rab rabbia a",
            Emotion.FEAR: "fear fearful fea pau paura f",
            Emotion.DISGUST: "disgust disgusted dis disgusto d",
            Emotion.SURPRISE: "surprise surprised sur sor sorpresa ps su",
        }.items()
        for spelling in spellings.split()
    }
)


def parse_emotion(label: str) -> Emotion | None:
    """The emotion that *label* means in any supported corpus, or None.

    >>> parse_emotion("Fearful")
    <Emotion.FEAR: 'fear'>
    """
    return SYNONYMS.get(label.strip().lower())


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
