"""What of a cue's text is said: no markup, names, dashes, sound tags or notes."""

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
    """The words of a cue that are said, on one line.

    Markup, sound tags in brackets, notes of music, and, at the beginning of a
    line, dashes and speakers' names are taken off. The result is never longer,
    and cleaning it again changes nothing.

    >>> spoken("- JOHN: [laughs] <i>Oh, no!</i>")
    'Oh, no!'
    >>> spoken("♪ (sighs) ♪")
    ''
    """
    while (cleaned := _once(text)) != text:
        text = cleaned
    return text


def has_letters(text: str) -> bool:
    """Whether there is a letter of any alphabet in it."""
    return any(map(str.isalpha, text))


def _once(text: str) -> str:
    for removed in (_MARKUP, _SOUND):
        text = removed.sub(" ", text)
    lines = (_NAME.sub("", _DASH.sub("", _NOTES.sub(" ", line))) for line in text.splitlines())
    return _SPACE.sub(" ", " ".join(lines)).strip()
