"""The words of tags, by language."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ..core.emotions import Emotion
from ..core.errors import SettingsError
from ..core.settings import check_kind, read_by_emotion
from ..core.sounds import SCENE_WORDS, VOCALS, SceneSound, Vocal
from .languages import two_letters


def direction_of(text: str) -> bool | None:
    """Whether the first letter of *text* runs right to left; None if it has no letters."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return None


@dataclass(frozen=True)
class Vocabulary:
    """The words of tags in one language.

    Attributes:
        language: its BCP 47 code, in lower case
        manner: the manner of speaking: "angrily"
        noun: the emotion: "anger"
        short: the shortest word: "angry"
        vocal: vocal sounds and vocal effort: "laughs", "whispers"
        scene: sounds of the scene except music, which has a sign: "applause"
        own: complete tags written by a reviewer for single cues, such as ``[whispers]``

    Example:
        >>> english = vocabulary_of("en")
        >>> english.manner[Emotion.ANGRY], english.noun[Emotion.ANGRY], english.short[Emotion.ANGRY]
        ('angrily', 'anger', 'angry')
    """

    language: str
    manner: Mapping[Emotion, str] = field(repr=False)
    noun: Mapping[Emotion, str] = field(repr=False)
    short: Mapping[Emotion, str] = field(repr=False)
    vocal: Mapping[Vocal, str] = field(repr=False, default_factory=dict)
    scene: Mapping[SceneSound, str] = field(repr=False, default_factory=dict)
    own: frozenset[str] = frozenset()

    @property
    def is_right_to_left(self) -> bool:
        """Whether its words run from right to left."""
        return direction_of(self.short[Emotion.ANGRY]) is True


@dataclass(frozen=True)
class Wording:
    """The language and words of tags.

    Attributes:
        language: a BCP 47 code; None for that of the subtitles' name, or English
        words: custom tag words; None for those of the language

    Raises:
        SettingsError: if a value is invalid

    Example:
        >>> Wording(language="de").language
        'de'
        >>> Wording(language=5)
        Traceback (most recent call last):
            ...
        subemo.core.errors.SettingsError: language cannot be 5. It must be a code such as de.
    """

    language: str | None = None
    words: Vocabulary | None = None

    def __post_init__(self) -> None:
        check_kind("language", self.language, str, what="a code such as de")
        check_kind("words", self.words, Vocabulary, what="a Vocabulary from read_vocabulary")


@cache
def _table() -> Mapping[str, Vocabulary]:
    content = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            language: Vocabulary(
                language,
                manner={emotion: of[emotion][0] for emotion in Emotion},
                noun={emotion: of[emotion][1] for emotion in Emotion},
                short={emotion: of[emotion][2] for emotion in Emotion},
                vocal={vocal: of[vocal] for vocal in VOCALS},
                scene={sound: of[sound] for sound in SCENE_WORDS},
            )
            for language, of in content.items()
        }
    )


def languages() -> tuple[str, ...]:
    """The codes of all languages with a vocabulary."""
    return tuple(_table())


def vocabulary_of(language: str) -> Vocabulary | None:
    """The vocabulary of a language, or None.

    Args:
        language: a code such as ``de``, ``pt-BR`` or ``ger``
    """
    table = _table()
    code = two_letters(language)
    return table.get(code) or table.get(two_letters(code.partition("-")[0]))


def read_vocabulary(path: Path, *, language: str) -> Vocabulary:
    """Reads custom tag words: a TOML file with lines such as ``angry = "furiously"``.

    A single word is used in all forms; a list of three gives manner, noun and short
    form. Missing words come from the vocabulary of *language*, or
    the English one.

    Raises:
        SettingsError: if it cannot be read, or a key is not an emotion

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "words.toml")
        ...     _ = path.write_text('sad = "tearfully"')
        ...     read_vocabulary(path, language="en").manner[Emotion.SAD]
        'tearfully'
    """
    base = vocabulary_of(language) or _table()["en"]
    forms = [dict(base.manner), dict(base.noun), dict(base.short)]
    content = read_by_emotion(path, what="words", example='angry = "crossly"')
    for emotion, (name, word) in content.items():
        said = word if isinstance(word, list) and len(word) == 3 else [word] * 3
        for form, one in zip(forms, said, strict=True):
            if not isinstance(one, str) or not one.strip() or not one.isprintable():
                raise SettingsError(f"{name!r} needs one word or a list of three", path=path)
            form[emotion] = one.strip()
    manner, noun, short = forms
    return Vocabulary(language.lower(), manner, noun, short, base.vocal, base.scene)
