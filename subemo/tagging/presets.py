"""What a tag looks like: the house styles of those who write captions."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from ..core.emotions import EMOTIONS, Emotion
from ..core.sounds import Effort, Sound, Tag, Vocal
from .vocabulary import Vocabulary, languages, vocabulary_of


class TagForm(StrEnum):
    """How a tag words an emotion."""

    #: How somebody speaks: "angrily".
    MANNER = "manner"
    #: What the voice holds: "anger".
    NOUN = "noun"
    #: The shortest word for it: "angry".
    SHORT = "short"
    EMOJI = "emoji"


@dataclass(frozen=True)
class Preset:
    """A house style.

    Attributes:
        name: what ``--preset`` calls it
        is_above: whether the tag stands on a line of its own
        forms: its wordings, from the one that it prefers to the shortest
        dressed: what is made of the word in a language
        chars_per_second: the fastest text, where the house says its own
        chars_per_line: the longest line, where the house says its own
        colours_words: whether the house leaves the colour of the words free; else it tells who speaks
    """

    name: str
    is_above: bool
    forms: tuple[TagForm, ...]
    dressed: Callable[[str, Vocabulary], str]
    chars_per_second: float | None = None
    chars_per_line: int | None = None
    colours_words: bool = True

    def tag(self, told: Tag, vocabulary: Vocabulary, form: TagForm | None = None) -> str:
        """The tag of an emotion, or of a sound, of shouting or whispering.

        Args:
            told: what it tells
            vocabulary: in which language
            form: how it is worded; None for what the preset prefers; for what is no emotion
                there is one word, or an emoji

        >>> english = vocabulary_of("en")
        >>> PRESETS["bbc"].tag(Emotion.ANGRY, english), PRESETS["ard"].tag(Emotion.SAD, english)
        ('ANGRILY:', '(sadly)')
        """
        form = form or self.forms[0]
        if not isinstance(told, Emotion):
            if form is TagForm.EMOJI:
                return _VOCAL_EMOJI[told]
            return self.dressed(vocabulary.vocal[told], vocabulary)
        if form is TagForm.EMOJI:
            return _EMOJI[told]
        return self.dressed(_word(told, vocabulary, form), vocabulary)


def _word(emotion: Emotion, vocabulary: Vocabulary, form: TagForm) -> str:
    of_form = {
        TagForm.MANNER: vocabulary.manner,
        TagForm.NOUN: vocabulary.noun,
        TagForm.SHORT: vocabulary.short,
    }
    return of_form[form][emotion]


def _brackets(word: str, _: Vocabulary) -> str:
    return f"[{word}]"


def _parentheses(word: str, _: Vocabulary) -> str:
    return f"({word})"


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

_VOCAL_EMOJI: Mapping[Vocal, str] = MappingProxyType(
    {
        Sound.LAUGH: "😂",
        Sound.SOB: "😭",
        Sound.SCREAM: "😱",
        Sound.SIGH: "😔",
        Sound.GASP: "😮",
        Sound.COUGH: "😷",
        Sound.SNEEZE: "🤧",
        Effort.SHOUT: "📢",
        Effort.WHISPER: "🤫",
    }
)

_ADVERBS = (TagForm.MANNER, TagForm.NOUN, TagForm.SHORT)
_PRESETS = (
    # DCMP Captioning Key: "[angrily]" on a line of its own above the words.
    Preset("dcmp", True, _ADVERBS, _brackets),
    # Netflix Timed Text Style Guide, SDH: brackets, lower case, in front of the words.
    Preset("netflix", False, _ADVERBS, _brackets),
    # BBC Subtitle Guidelines 11.3: a label in capitals and a colon.
    Preset("bbc", False, _ADVERBS, _label),
    # YouTube's expressive captions (2025): "[joy]", "[sadness]".
    Preset("youtube", False, (TagForm.NOUN, TagForm.SHORT), _brackets),
    Preset("emoji", False, (TagForm.EMOJI,), _brackets),
    # Untertitel-Standards von ARD, ORF, SRF, ZDF (daserste.de, ndr.de): 37 characters a line, 13
    # to 15 a second; two asterisks frame sounds, so that a manner of speaking has parentheses;
    # colours tell who speaks.
    Preset("ard", False, _ADVERBS, _parentheses, 15, 37, colours_words=False),
    # Charte relative à la qualité du sous-titrage (CSA, today Arcom, December 2011): 60 characters
    # in 4 s (6); colours tell who speaks and whether in the picture (9); parentheses for how
    # something is said, whispers and asides (11).
    Preset("arcom", False, _ADVERBS, _parentheses, 15, colours_words=False),
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


def is_ours(tag: str, vocabulary: Vocabulary | None = None) -> bool:
    """Whether subemo could have written *tag*: any preset's form of any tag, in any language.

    What is taken out of a stranger's file as subemo's must be nothing else,
    whatever a record or a mark in that file says.

    Args:
        tag: without what parts it from the words
        vocabulary: the user's own words, where the tags are written in those

    >>> is_ours("[angrily]"), is_ours("ANGRILY:"), is_ours("I did NOT")
    (True, True, False)
    """
    bare = tag[1:] if tag[:1] in (_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK) else tag
    return bare in _known_tags() or (vocabulary is not None and bare in _tags_in(vocabulary))


@cache
def _known_tags() -> frozenset[str]:
    known = filter(None, map(vocabulary_of, languages()))
    return frozenset(tag for vocabulary in known for tag in _tags_in(vocabulary))


def _tags_in(vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.own | frozenset(
        preset.tag(told, vocabulary, form)
        for preset in PRESETS.values()
        for form in TagForm
        for told in (*EMOTIONS, *vocabulary.vocal)
    )


def direction_of(text: str) -> bool | None:
    """Whether the first letter of *text* runs right to left; None where it has none."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return None
