"""Guesses an encoding from the bytes alone, and says when there is too little to go by.

Every code page decodes any bytes, so a guess is a comparison: chardet knows how often
which letters follow each other in which language, and what it cannot know counts here, as
that no word is of two alphabets. With few words, several code pages read well; where these
read other words, the guess is in doubt, and only the user knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: The encodings of subtitles, by how much rarer than others they are. Of two that read the
#: same, the first is named.
_USUAL = {
    **dict.fromkeys(
        ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
         "cp874", "big5hkscs", "gb18030", "cp932", "cp949", "euc_jis_2004", "koi8-r", "koi8-u"), 1.0,
    ),
    **dict.fromkeys(
        ("iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15"), 0.999
    ),
    **dict.fromkeys(("cp866", "cp850", "cp852", "cp737", "cp775", "cp862", "iso8859-6"), 0.9),
    **dict.fromkeys(("mac-roman", "mac-cyrillic", "mac-latin2", "mac-greek", "mac-turkish"), 0.85),
}  # fmt: skip
#: Encodings with several bytes to a character, and the bytes of such a word.
_WIDE = frozenset({"big5hkscs", "gb18030", "cp932", "cp949", "euc_jis_2004"})
_BYTES_OF_WIDE_WORD = 6
#: The words of this many bytes decide.
_MOST = 200_000
_WORDS = re.compile(r"\w+")
_ASCII_WORD = re.compile(rb"[A-Za-z]{2,}")
#: How near to the best another may come, by the number of words to go by. From lines of 28
#: languages in their code pages: of 1,900 files, one accepted guess was wrong.
_NEAREST = ((2, 0.1), (6, 0.45), (10, 0.6), (20, 0.9), (60, 0.96))
_NEAREST_OF_MANY = 0.9995
#: So many words in their own letters are worth one in others, since they tell the language.
_PLAIN_WORDS = 20
#: The largest share of words that no language has.
_MOST_ODD = 0.75
_FEW_WORDS = 3
#: Control characters, of which no text has any.
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_WITH_CONTROLS = 0.2
_MOST_RIVALS = 3
#: Alphabets that share words with others.
_SHARED = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "COMBINING"}
)
_NO_LETTER = frozenset({"Cc", "Co", "Cn", "Cs", "Sm", "So", "Sc", "Sk", "No"})
_SIGNS = "♪♫♩♬°£€´"
#: Signs that stand alone, and an invisible hyphen.
_SIGN_IN_WORD = re.compile(r"[¶§]\w|\xad")
#: Punctuation that follows no letter within a word.
_STRAY = "\u201a\u201e\u2020\u2021\u02c6\u2030\u2039\u203a\u2122"


@dataclass(frozen=True)
class Guess:
    """A guessed encoding.

    Attributes:
        name: Python's name for it
        doubt: what speaks against it, empty if nothing: how others read the same words
    """

    name: str
    doubt: str = ""


@dataclass(frozen=True)
class _Reading:
    name: str
    score: float
    odd: float
    words: tuple[str, ...]


@lru_cache(maxsize=4)  # a file is read several times before it is written
def guess(data: bytes, sign: re.Pattern[str]) -> Guess:
    """Guesses the encoding of text that is not Unicode.

    Args:
        data: the whole text
        sign: a pattern that the text has; an encoding that loses it is wrong
    """
    sample = data if len(data) <= _MOST else data[: data.rfind(b"\n", 0, _MOST) + 1 or _MOST]
    raw = tuple(dict.fromkeys(part for part in sample.split() if not part.isascii()))
    readings = sorted(_readings(sample, raw, sign), key=lambda one: -one.score)
    if not readings:
        return Guess("cp1252")
    best = next(one for name in _USUAL for one in readings
                if one.name == name and one.words == readings[0].words)  # fmt: skip
    evidence = len(raw) + len(_ASCII_WORD.findall(sample)) / _PLAIN_WORDS
    if foreign := sum(any(map(_is_foreign, word)) for word in best.words):
        # A foreign name, however often it is said, is no evidence, as are signs in plain English.
        evidence = min(evidence, 2 * foreign)
    if best.name in _WIDE:  # whose words are whole sentences
        evidence = min(evidence, sum(map(len, raw)) / _BYTES_OF_WIDE_WORD)
    nearest = next((near for most, near in _NEAREST if evidence < most), _NEAREST_OF_MANY)
    most_odd = best.odd if nearest == _NEAREST_OF_MANY else 1
    rivals: dict[tuple[str, ...], _Reading] = {}
    for one in readings:
        if (
            one.odd <= most_odd
            and one.score >= nearest * readings[0].score
            and _words(one) != _words(best)
        ):
            rivals.setdefault(one.words, one)
    return Guess(best.name, _doubt(best, list(rivals.values())[:_MOST_RIVALS]))


def _readings(sample: bytes, raw: Sequence[bytes], sign: re.Pattern[str]) -> Iterator[_Reading]:
    import chardet

    needs_sign = sign.search(sample.decode("latin-1")) is not None
    found = chardet.detect_all(
        sample, ignore_threshold=True, include_encodings=tuple(_USUAL), compat_names=False,
        max_bytes=_MOST,
    )  # fmt: skip
    for one in found:
        name = one["encoding"]
        if name not in _USUAL:
            continue
        if needs_sign and not sign.search(sample.decode(name, "replace")):
            continue
        words = tuple(part.decode(name, "surrogateescape") for part in raw)
        odd = sum(map(_is_odd, words)) / max(1, len(words))
        usual = _USUAL[name] * (_WITH_CONTROLS if any(map(_CONTROLS.search, words)) else 1)
        yield _Reading(name, one["confidence"] * (1 - odd) ** 3 * usual, odd, words)


def _words(reading: _Reading) -> list[list[str]]:
    return [_WORDS.findall(part) for part in reading.words]


def _doubt(best: _Reading, rivals: Sequence[_Reading]) -> str:
    if not rivals:
        makes_words = best.odd <= _MOST_ODD or len(best.words) < _FEW_WORDS
        return "" if makes_words else f"even {best.name} makes no words of it"
    differing = next(
        at for at, parts in enumerate(zip(best.words, rivals[0].words, strict=True))
        if _WORDS.findall(parts[0]) != _WORDS.findall(parts[1])
    )  # fmt: skip
    readings = [f"{one.words[differing]!r} in {one.name}" for one in (best, *rivals)]
    return f"{', '.join(readings[:-1])} or {readings[-1]}"


def _is_foreign(char: str) -> bool:
    return char.isalpha() and not char.isascii()


def _is_odd(word: str) -> bool:
    """Whether no language writes a word so, as of letters of two alphabets."""
    letters = (char for char in word if char.isalpha() or unicodedata.combining(char))
    if len({_alphabet(char) for char in letters} - _SHARED) > 1:
        return True
    if _SIGN_IN_WORD.search(word):
        return True
    before = " "
    for char in word:
        if char.isalpha():
            is_capital_within = before.islower() and char.isupper()
            if is_capital_within and not (before.isascii() and char.isascii()):
                return True
            if before.isascii() and before.islower() and _alphabet(char) == "CJK":
                return True
        elif not char.isascii() and (
            (unicodedata.category(char) in _NO_LETTER and char not in _SIGNS)
            or (char in _STRAY and before.isalpha())
        ):
            return True
        before = char
    return False


@lru_cache(maxsize=4096)
def _alphabet(char: str) -> str:
    return re.split("[ -]", unicodedata.name(char, "?"), maxsplit=1)[0]
