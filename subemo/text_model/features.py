"""Features of lines: their spoken words, hashed n-grams of words and letters, and punctuation.

The n-grams are hashed (Weinberger et al., 2009), so no vocabulary needs to be
stored; training and prediction share this module.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_MARKUP = re.compile(r"<[^<>]{0,80}>|\{[^{}]{0,80}\}")
_SOUND = re.compile(
    r"\[[^\[\]]{0,80}\]|\([^()]{0,80}\)|（[^（）]{0,80}）|［[^［］]{0,80}］|【[^【】]{0,80}】"
)
_NOTES = re.compile(r"[♪♫♩♬]|^\s*#|#\s*$")
_DASH = re.compile(r"^\s*[-\u2010-\u2015\u2212]+\s*(?=[^\s\d])")
# JOHN:, MRS. O'NEIL:, Man 2: - one to four words with capitals, then a colon and a space.
_NAME = re.compile(
    r"^\s*(?:[A-Z\u00c0-\u00de][\w'’.\-]*)(?:[ \-][A-Z\u00c0-\u00de\d][\w'’.\-]*){0,3}\s?:(?:\s+|$)"
)
_SPACE = re.compile(r"\s+")


def spoken(text: str) -> str:
    """The spoken words of a cue, on one line.

    Removes markup, sound tags in brackets, musical notes, and, at the beginning of
    a line, dashes and speakers' names. The result is never longer, and cleaning
    is idempotent.

    >>> spoken("- JOHN: [laughs] <i>Oh, no!</i>")
    'Oh, no!'
    >>> spoken("♪ (sighs) ♪")
    ''
    """
    while (cleaned := _once(text)) != text:
        text = cleaned
    return text


def has_letters(text: str) -> bool:
    """Whether it contains a letter of any alphabet."""
    return any(map(str.isalpha, text))


def _once(text: str) -> str:
    for removed in (_MARKUP, _SOUND):
        text = removed.sub(" ", text)
    lines = (_NAME.sub("", _DASH.sub("", _NOTES.sub(" ", line))) for line in text.splitlines())
    return _SPACE.sub(" ", " ".join(lines)).strip()


#: The hash buckets for each of the two kinds of n-grams.
BUCKETS = 1 << 17
#: N-grams of words come first, then those of letters.
COLUMNS = 2 * BUCKETS

_WORD_LENGTHS = (1, 2)
_LETTER_LENGTHS = (2, 3, 4, 5)

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[!?]+|\.\.+|[^\w\s]")
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_LONG = re.compile(r"(.)\1{2,}")
_DRAWN_OUT = re.compile(r"([a-z])\1\1")
_CRY = re.compile(r"\b(?:oh+|ah+|aw+|wow|whoa)\b")
_DENIAL = re.compile(r"\b(?:no|not|never)\b|n't")

Reals = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Rows:
    """A sparse matrix with one row per line.

    Attributes:
        starts: start of each line's entries, and the end of all, shape (lines + 1,)
        columns: of each entry, in `range(COLUMNS)`
        values: of each entry
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Reals

    def weighted(self, rarity: Reals) -> Rows:
        """The same columns with other weights, normalised to length 1 for words and for letters."""
        values = rarity[self.columns].astype(np.float64)
        lines = len(self.starts) - 1
        half = 2 * np.repeat(np.arange(lines), np.diff(self.starts)) + (self.columns >= BUCKETS)
        length = np.sqrt(np.bincount(half, values * values, minlength=2 * lines))
        values /= np.maximum(length, 1e-9)[half]
        return Rows(self.starts, self.columns, values.astype(np.float32))

    def times(self, table: NDArray[np.int8], scale: Reals) -> Reals:
        """The product with a table of `COLUMNS` rows, or of `BUCKETS` rows for words only.

        Args:
            table: quantised weights, shape (rows, classes)
            scale: the value of 1 in the table, shape (classes,)

        Returns:
            shape (lines, classes)
        """
        known = self.columns < len(table)
        line_of = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))[known]
        terms = table[self.columns[known]].astype(np.float32) * self.values[known, None]
        total = np.zeros((len(self.starts) - 1, table.shape[1]), np.float32)
        if len(line_of):
            lines, first = np.unique(line_of, return_index=True)
            total[lines] = np.add.reduceat(terms, first, axis=0)
        return total * scale


def ngram_columns(line: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns of a line's word n-grams and letter n-grams, unique and sorted."""
    plain = _plain(line).lower()
    words = ["<", *_TOKEN.findall(plain), ">"] if plain.strip() else []
    letters = set().union(*map(_letters_of, plain.split()))
    return _sorted({_bucket(gram) for gram in _of_words(words)}, 0), _sorted(letters, BUCKETS)


def ngram_rows(lines: Sequence[str], rarity: Reals) -> Rows:
    """Lines as rows, with words and letters each normalised to length 1.

    Args:
        lines: the cleaned lines
        rarity: the weight of each column (inverse document frequency), shape (COLUMNS,)
    """
    found = [np.concatenate(ngram_columns(line)) for line in lines]
    starts = np.cumsum([0, *map(len, found)]).astype(np.int64)
    columns = np.concatenate([*found, np.zeros(0, np.int64)])
    return Rows(starts, columns, np.zeros(0, np.float32)).weighted(rarity)


def manner(line: str) -> list[float]:
    """Stylistic features: length, punctuation, capitals, repeated letters, cries, negations."""
    plain = _plain(line)
    low, end = plain.lower(), plain.rstrip()
    words = _TOKEN.findall(low)
    shouted = sum(word.isupper() and len(word) > 1 for word in _WORD.findall(line))
    return [
        float(np.log1p(len(words))),
        float(len(words) <= 2),
        float(len(words) <= 5),
        float("!" in line),
        float(line.count("!") > 1),
        float("?" in line),
        float(line.count("?") > 1),
        float("?!" in line or "!?" in line),
        float("..." in plain),
        float(end.endswith("...")),
        float(end.endswith("!")),
        float(end.endswith("?")),
        float(end.endswith(".")),
        float(shouted > 0),
        shouted / max(1, len(words)),
        float(bool(_DRAWN_OUT.search(low))),
        float("," in line),
        float("-" in line),
        float(bool(_CRY.search(low))),
        float(bool(_DENIAL.search(low))),
        float(line[:1].islower()),
    ]


def _plain(line: str) -> str:
    return _LONG.sub(r"\1\1\1", line.translate(_QUOTES).replace("\u2026", "..."))


def _of_words(words: Sequence[str]) -> Iterator[str]:
    for length in _WORD_LENGTHS:
        for start in range(len(words) - length + 1):
            yield "w" + " ".join(words[start : start + length])


@lru_cache(maxsize=16_384)  # few words make up most lines
def _letters_of(word: str) -> frozenset[int]:
    """The buckets of a word's letter n-grams."""
    padded = f" {word} "
    return frozenset(
        _bucket(padded[start : start + length])
        for length in _LETTER_LENGTHS
        for start in range(len(padded) - length + 1)
    )


def _bucket(gram: str) -> int:
    return zlib.crc32(gram.encode("utf-8", "surrogatepass")) & (BUCKETS - 1)


def _sorted(buckets: Set[int], offset: int) -> NDArray[np.int64]:
    return np.asarray(sorted(buckets), np.int64) + offset


#: The number of features of `manner`.
MANNERS = len(manner(""))
