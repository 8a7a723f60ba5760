"""Presets: the house styles of tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from ..core.emotions import EMOTIONS, Emotion
from ..core.sounds import Effort, SceneSound, Sound, Tag, Vocal
from .vocabulary import Vocabulary, direction_of, languages, vocabulary_of


class TagForm(StrEnum):
    """The wording of an emotion."""

    #: The manner of speaking: "angrily".
    MANNER = "manner"
    #: The emotion: "anger".
    NOUN = "noun"
    #: The shortest word: "angry".
    SHORT = "short"
    EMOJI = "emoji"


@dataclass(frozen=True)
class Preset:
    """A house style.

    Attributes:
        name: its name in ``--preset``
        is_above: whether the tag is on its own line
        forms: its wordings, from the preferred to the shortest
        format_word: formats a word of a language
        chars_per_second: the highest reading speed, if the style sets one
        chars_per_line: the longest line, if the style sets one
        colours_words: whether words may be coloured; else their colour identifies speakers
    """

    name: str
    is_above: bool
    forms: tuple[TagForm, ...]
    format_word: Callable[[str, Vocabulary], str]
    chars_per_second: float | None = None
    chars_per_line: int | None = None
    colours_words: bool = True

    def tag(
        self, content: Tag | SceneSound, vocabulary: Vocabulary, form: TagForm | None = None
    ) -> str:
        """The tag for an emotion, a vocal sound, shouting, whispering or a sound of the scene.

        Args:
            content: the content of the tag
            vocabulary: the words of the tags
            form: the wording; None for the preset's preferred one; what is not an emotion
                has one word, or an emoji; music is the same sign in all languages

        >>> english = vocabulary_of("en")
        >>> PRESETS["bbc"].tag(Emotion.ANGRY, english), PRESETS["ard"].tag(Emotion.SAD, english)
        ('ANGRILY:', '(sadly)')
        """
        form = form or self.forms[0]
        if content is SceneSound.MUSIC:
            # A label has nothing to name, so it is in brackets.
            format_word = _parentheses if self.format_word is _parentheses else _brackets
            return format_word(_MUSIC, vocabulary)
        if isinstance(content, SceneSound):
            if form is TagForm.EMOJI:
                return _SCENE_EMOJI[content]
            return self.format_word(vocabulary.scene[content], vocabulary)
        if not isinstance(content, Emotion):
            if form is TagForm.EMOJI:
                return _VOCAL_EMOJI[content]
            return self.format_word(vocabulary.vocal[content], vocabulary)
        if form is TagForm.EMOJI:
            return _EMOJI[content]
        return self.format_word(_word(content, vocabulary, form), vocabulary)

    def cue_text(self, content: Tag | SceneSound, vocabulary: Vocabulary) -> str:
        """The text of a cue of its own for a sound: a label without words behind it has no colon.

        >>> PRESETS["bbc"].cue_text(Sound.SOB, vocabulary_of("en"))
        'SOBS'
        """
        text = self.tag(content, vocabulary, TagForm.MANNER)
        return text.removesuffix(":") if self.format_word is _label else text


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

#: What captions of all languages have for music.
_MUSIC = "♪"
_SCENE_EMOJI: Mapping[SceneSound, str] = MappingProxyType(
    {
        SceneSound.APPLAUSE: "👏",
        SceneSound.SIREN: "🚨",
        SceneSound.DOOR: "🚪",
        SceneSound.KNOCK: "✊",
        SceneSound.PHONE: "📞",
        SceneSound.GUNSHOT: "🔫",
        SceneSound.EXPLOSION: "💥",
        SceneSound.THUNDER: "⚡",
        SceneSound.GLASS: "🪟",
        SceneSound.BARK: "🐕",
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
#: The presets by name.
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _PRESETS})

_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"


def directed(tag: str, text: str, vocabulary: Vocabulary) -> str:
    """Adds a direction mark to *tag* if scripts of two directions could meet.

    A bracket has no direction. Before Arabic words, a player
    with left-to-right lines would put it on the wrong side, and an
    Arabic tag before English words would reverse the whole line.
    The mark gives the line the direction that its words have without the tag
    (Unicode Bidirectional Algorithm, rules P2, N0 and N1).

    Args:
        tag: the tag without a mark
        text: the words after it
        vocabulary: the tag's vocabulary, for its language
    """
    right = direction_of(text)
    if right is None:
        right = vocabulary.is_right_to_left
    if not right and not vocabulary.is_right_to_left:
        return tag
    return (_RIGHT_TO_LEFT_MARK if right else _LEFT_TO_RIGHT_MARK) + tag


def is_ours(tag: str, vocabulary: Vocabulary | None = None) -> bool:
    """Whether subemo could have written *tag* in a cue, in any preset, wording and language.

    Only such tags may be removed from a cue, whatever a record or mark in its file
    claims.

    Args:
        tag: the tag without the separator before the words
        vocabulary: custom tag words, or None

    >>> is_ours("[angrily]"), is_ours("ANGRILY:"), is_ours("I did NOT")
    (True, True, False)
    """
    bare = tag[1:] if tag[:1] in (_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK) else tag
    return bare in _known_tags() or (vocabulary is not None and bare in _tags_in(vocabulary))


def is_our_cue(text: str, vocabulary: Vocabulary | None = None) -> bool:
    """Whether subemo could have written a cue of its own with this text.

    Such a cue may also tell of music and of sounds of the scene, which a tag in a cue does not.

    Args:
        text: the whole text of the cue
        vocabulary: custom tag words, or None

    >>> is_our_cue("[laughs]"), is_our_cue("[♪]"), is_ours("[♪]"), is_our_cue("♪")
    (True, True, False, False)
    """
    return text in _known_cues() or is_ours(text, vocabulary)


@cache
def _known_tags() -> frozenset[str]:
    known = filter(None, map(vocabulary_of, languages()))
    return frozenset(tag for vocabulary in known for tag in _tags_in(vocabulary))


@cache
def _known_cues() -> frozenset[str]:
    return frozenset(
        text
        for vocabulary in filter(None, map(vocabulary_of, languages()))
        for preset in PRESETS.values()
        for sound in (*vocabulary.scene, *vocabulary.vocal, SceneSound.MUSIC)
        # 1.0.0 wrote labels with their colon.
        for text in (preset.cue_text(sound, vocabulary), preset.tag(sound, vocabulary))
    )


def _tags_in(vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.own | frozenset(
        preset.tag(content, vocabulary, form)
        for preset in PRESETS.values()
        for form in TagForm
        for content in (*EMOTIONS, *vocabulary.vocal)
    )
