"""Extracts the spoken words of a cue, without markup, names, dashes, tags or notes."""

from __future__ import annotations

import re

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
