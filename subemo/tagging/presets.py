"""What a tag looks like: the house styles of those who write captions."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ..core.emotions import EMOTIONS, Emotion
from .vocabulary import Vocabulary, languages, vocabulary_of


@dataclass(frozen=True)
class Preset:
    """A house style.

    Attributes:
        name: what ``--preset`` calls it
        is_above: whether the tag stands on a line of its own
        full: the tag of an emotion
        short: a shorter one, for where there is little room
    """

    name: str
    is_above: bool
    full: Callable[[Emotion, Vocabulary], str]
    short: Callable[[Emotion, Vocabulary], str]


def _brackets(word: str) -> str:
    return f"[{word}]"


def _label(word: str, vocabulary: Vocabulary) -> str:
    """Upper case and a colon; Turkish and Azeri keep the dot of their i."""
    if vocabulary.language.partition("-")[0] in ("tr", "az"):
        word = word.replace("i", "İ").replace("ı", "I")
    return f"{word.upper()}:"


_EMOJI: Mapping[Emotion, str] = MappingProxyType(
    {
        Emotion.NEUTRAL: "😐",
        Emotion.CALM: "😌",
        Emotion.HAPPY: "😊",
        Emotion.SAD: "😢",
        Emotion.ANGRY: "😠",
        Emotion.FEAR: "😨",
        Emotion.DISGUST: "🤢",
        Emotion.SURPRISE: "😲",
    }
)


def _manner(emotion: Emotion, vocabulary: Vocabulary) -> str:
    return _brackets(vocabulary.manner[emotion])


def _noun(emotion: Emotion, vocabulary: Vocabulary) -> str:
    return _brackets(vocabulary.noun[emotion])


def _short(emotion: Emotion, vocabulary: Vocabulary) -> str:
    return _brackets(vocabulary.short[emotion])


def _manner_label(emotion: Emotion, vocabulary: Vocabulary) -> str:
    return _label(vocabulary.manner[emotion], vocabulary)


def _short_label(emotion: Emotion, vocabulary: Vocabulary) -> str:
    return _label(vocabulary.short[emotion], vocabulary)


def _emoji(emotion: Emotion, _: Vocabulary) -> str:
    return _EMOJI[emotion]


_PRESETS = (
    # DCMP Captioning Key: "[angrily]" on a line of its own above the words.
    Preset("dcmp", True, _manner, _short),
    # Netflix Timed Text Style Guide, SDH: brackets, lower case, in front of the words.
    Preset("netflix", False, _manner, _short),
    # BBC Subtitle Guidelines 11.3: a label in capitals and a colon.
    Preset("bbc", False, _manner_label, _short_label),
    # YouTube's expressive captions (2025): "[joy]", "[sadness]".
    Preset("youtube", False, _noun, _short),
    Preset("emoji", False, _emoji, _emoji),
)
#: Every house style, by the name that ``--preset`` gives.
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _PRESETS})

_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"


def directed(tag: str, text: str, vocabulary: Vocabulary) -> str:
    """*tag* with a mark before it where scripts of two directions could meet.

    A bracket has no direction of its own. In front of Arabic words a player
    whose lines run from left to right would put it on the wrong side, and a
    tag in Arabic in front of English words would turn the whole line around.
    The mark gives the line the direction that its words had without the tag
    (Unicode Bidirectional Algorithm, rules P2, N0 and N1).

    Args:
        tag: without a mark
        text: the words behind it
        vocabulary: the tag's, for its language
    """
    right = direction_of(text)
    if right is None:
        right = vocabulary.is_right_to_left
    if not right and not vocabulary.is_right_to_left:
        return tag
    return (_RIGHT_TO_LEFT_MARK if right else _LEFT_TO_RIGHT_MARK) + tag


def is_ours(tag: str, words: Vocabulary | None = None) -> bool:
    """Whether subemo could have written *tag*: any preset's form of any emotion, in any language.

    What is taken out of a stranger's file as subemo's must be nothing else,
    whatever a record or a mark in that file says.

    Args:
        tag: without what parts it from the words
        words: the user's own words, where the tags are written in those

    >>> is_ours("[angrily]"), is_ours("ANGRILY:"), is_ours("I did NOT")
    (True, True, False)
    """
    bare = tag[1:] if tag[:1] in (_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK) else tag
    return bare in _known_tags() or (words is not None and bare in _tags_in(words))


@cache
def _known_tags() -> frozenset[str]:
    known = filter(None, map(vocabulary_of, languages()))
    return frozenset(tag for vocabulary in known for tag in _tags_in(vocabulary))


def _tags_in(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(
        form(emotion, vocabulary)
        for preset in PRESETS.values()
        for form in (preset.full, preset.short)
        for emotion in EMOTIONS
    )


def direction_of(text: str) -> bool | None:
    """Whether the first letter of *text* runs right to left; None where it has none."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return None
