"""Reads from a cue's text who speaks, whether it is sung, and whether it has a tag."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .markup import StyledText

_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*(?=[^\s\d>\-\u2010-\u2015])")
# JOHN:, MRS. O'NEIL:, [MAN 2]: - upper-case letters of any alphabet, then a colon.
_NAME = re.compile(
    r"\s*(?P<bracket>[\[(（［【])?(?P<name>[^\W\d_a-z][^\W_]*(?:[ .'’\-]+[^\W_]+){0,3})"
    r"(?(bracket)[\])）］】])\s?:(?=\s|$)"
)
_BRACKETS = re.compile(r"[\[(（［【]([^\[\]()（）［］【】]{1,80})[\])）］】](\s?:)?")
_SONG = re.compile(r"[♪♫♩♬]|^\s*#.*#\s*$", re.DOTALL)


@dataclass(frozen=True)
class Speech:
    """Who speaks in a cue, and how, according to its text.

    Attributes:
        speakers: the names, in order; ``("",)`` for one unnamed speaker
        changes: whether the text marks a change of speaker by a dash,
            without a name
        has_manner: whether it already has a tag in brackets; tags of manner
            (``[sobbing]``, ``(angrily)``) cannot be told from noises in every
            language, so all brackets count except speakers' names
        is_song: whether it is sung
    """

    speakers: tuple[str, ...]
    changes: bool
    has_manner: bool
    is_song: bool


def read_speech(styled_text: StyledText, speaker: str = "") -> Speech:
    """Reads the speakers from the text of a cue.

    Netflix and the BBC mark two speakers in one subtitle by dashes at
    the beginning of their lines; SDH files name them by ``NAME:``, WebVTT by
    ``<v Name>``, Advanced SubStation in a field.

    Args:
        styled_text: the cue's text
        speaker: its speaker from a field of its format
    """
    text = styled_text.plain
    lines = [line for line in text.split("\n") if line.strip()]
    dashes = [bool(_DASH.match(line)) for line in lines]
    names = [name for line in lines if (name := name_of(line))]
    known = speaker or styled_text.speaker
    turns = sum(dashes)
    if turns and not dashes[0]:
        turns += 1  # the first speaker may have no dash
    if len(set(styled_text.voices)) > 1:
        speakers = styled_text.voices
    elif turns > 1:
        speakers = (*names, *[""] * turns)[: max(turns, len(names))]
    elif len(set(names)) > 1 or (names and not name_of(lines[0])):
        speakers = tuple(names) if name_of(lines[0]) else ("", *names)
    else:
        speakers = (names[0] if names else known,)
    return Speech(
        speakers=speakers,
        changes=bool(dashes and dashes[0]),
        has_manner=any(
            not match[2] and any(map(str.isalpha, match[1])) for match in _BRACKETS.finditer(text)
        ),
        is_song=styled_text.is_song or bool(_SONG.search(text)),
    )


def name_of(line: str) -> str:
    """The speaker named at the beginning of a line, or an empty string."""
    match = _NAME.match(_after_dash(line))
    return match["name"] if match and match["name"].upper() == match["name"] else ""


def before_words(line: str) -> int:
    """The number of characters before a line's first spoken word: dashes, names."""
    dash = _DASH.match(line)
    start = dash.end() if dash else 0
    name = _NAME.match(line[start:])
    if name and name["name"].upper() == name["name"]:
        rest = line[start + name.end() :]
        if rest.strip():
            start += name.end() + len(rest) - len(rest.lstrip())
    return start


def before_styled_words(line: str, style: re.Pattern[str]) -> int:
    """Like `before_words`, with markup: matches of *style* count before a dash or name."""
    match = style.match(line)
    start = match.end() if match else 0
    before = before_words(line[start:])
    return start + before if before else 0


def _after_dash(line: str) -> str:
    dash = _DASH.match(line)
    return line[dash.end() :] if dash else line
