"""What captions call the emotions, by language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ..core.emotions import Emotion
from ..core.errors import SettingsError
from ..core.settings import read_by_emotion

#: The three-letter codes (ISO 639-2, both sets) and names of older files.
_CODES = {
    code: language
    for language, codes in {
        "en": "eng english", "de": "deu ger german", "fr": "fra fre french",
        "es": "spa spanish", "it": "ita italian", "nl": "nld dut dutch",
        "pt": "por portuguese pb", "pl": "pol polish", "ru": "rus russian", "uk": "ukr ukrainian",
        "tr": "tur turkish", "ja": "jpn japanese", "zh": "zho chi chinese chs zh-hans",
        "zh-hant": "zh-tw zh-hk cht", "ko": "kor korean", "ar": "ara arabic",
    }.items()
    for code in codes.split()
}  # fmt: skip
#: Written from right to left.
_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "ps", "yi"})


@dataclass(frozen=True)
class Words:
    """One language's words.

    Attributes:
        language: its BCP 47 code, in lower case
        manner: how somebody speaks: "angrily"
        noun: what the voice holds: "anger"
        short: the shortest word for it: "angry"
    """

    language: str
    manner: Mapping[Emotion, str] = field(repr=False)
    noun: Mapping[Emotion, str] = field(repr=False)
    short: Mapping[Emotion, str] = field(repr=False)

    @property
    def is_right_to_left(self) -> bool:
        """Whether its script runs from right to left."""
        return self.language.partition("-")[0] in _RIGHT_TO_LEFT


@dataclass(frozen=True)
class Wording:
    """In which words tags are written.

    Attributes:
        language: a BCP 47 code; None for the one that the subtitles' name tells, or English
        words: the user's own words; None for those of the language

    Example:
        >>> Wording(language="de").language
        'de'
    """

    language: str | None = None
    words: Words | None = None


@cache
def _table() -> Mapping[str, Words]:
    content = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            language: Words(
                language,
                *(
                    MappingProxyType({Emotion(name): forms[i] for name, forms in of.items()})
                    for i in range(3)
                ),
            )
            for language, of in content.items()
        }
    )


def languages() -> tuple[str, ...]:
    """The codes of all languages that there are words for."""
    return tuple(_table())


def words_of(language: str) -> Words | None:
    """The words of a language, or None where there are none.

    Args:
        language: a code such as ``de``, ``pt-BR`` or ``ger``
    """
    code = language.lower().replace("_", "-")
    code = _CODES.get(code, code)
    table = _table()
    base = code.partition("-")[0]
    return table.get(code) or table.get(_CODES.get(base, base))


def language_of(path: Path) -> str | None:
    """The language that a subtitle file's name tells: ``film.pt-BR.sdh.srt`` → ``pt-br``.

    >>> language_of(Path("film.de.srt"))
    'de'
    """
    for part in reversed(path.name.lower().split(".")[1:-1]):
        code = part.replace("_", "-")
        base = code.partition("-")[0]
        if code in _CODES:
            return _CODES[code]
        if base in _ISO_639_1:
            return code
    return None


#: So that a part such as ``hd`` or ``v2`` of a file's name is not taken for a language.
_ISO_639_1 = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
    ]
)


def three_letters(language: str) -> str:
    """The ISO 639-2 code of a language, as containers have it; ``und`` if it is not known.

    >>> three_letters("pt-br")
    'por'
    """
    code = language.lower()
    base = code.partition("-")[0]
    for wanted in (code, base):
        for three, two in _CODES.items():
            if two == wanted and len(three) == 3:
                return three
    return "und"


def read_words(path: Path, *, language: str) -> Words:
    """The user's own words: a TOML file with ``angry = "furiously"`` and the like.

    A word stands for all forms; a list of three for manner, noun and short
    form. What is not in the file is said with the words of *language*, or
    English ones.

    Raises:
        SettingsError: if it cannot be read, or names no emotion
    """
    base = words_of(language) or _table()["en"]
    forms = [dict(base.manner), dict(base.noun), dict(base.short)]
    content = read_by_emotion(path, what="words", example='angry = "crossly"')
    for emotion, (name, word) in content.items():
        said = word if isinstance(word, list) and len(word) == 3 else [word] * 3
        for form, one in zip(forms, said, strict=True):
            if not isinstance(one, str) or not one.strip() or not one.isprintable():
                raise SettingsError(f"{name!r} needs a word, or three", path=path)
            form[emotion] = one.strip()
    return Words(language.lower(), *(MappingProxyType(form) for form in forms))
