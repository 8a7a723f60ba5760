"""The eight emotions: their order and their names in corpora."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


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
