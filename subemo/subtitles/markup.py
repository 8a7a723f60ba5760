"""A cue's text, independent of how its format writes italics and other styles.

It is not needed for output in the input's format, where tags are spliced into
the bytes. The policy needs the bare words, and output in another format needs
them with italics, bold and underlines, which the text formats have in
common.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class StyledRun:
    """Words in one style, possibly with newlines and, if raw, the format's markup."""

    text: str
    italic: bool = False
    bold: bool = False
    underline: bool = False
    is_raw: bool = False

    def saying(self, text: str) -> StyledRun:
        """A run with other words in the same style."""
        # `dataclasses.replace` takes five times as long, which matters for thousands of runs.
        return StyledRun(text, self.italic, self.bold, self.underline, self.is_raw)


@dataclass(frozen=True, slots=True)
class StyledText:
    """A cue's text without markup.

    Attributes:
        runs: its words, in order
        voices: the speakers named in the markup, in order
        is_top: whether it is at the top of the picture
        is_song: whether the markup marks it as sung
    """

    runs: tuple[StyledRun, ...]
    voices: tuple[str, ...] = ()
    is_top: bool = False
    is_song: bool = False

    @property
    def speaker(self) -> str:
        """The only speaker named in the markup, or an empty string."""
        return self.voices[0] if len(set(self.voices)) == 1 else ""

    @property
    def plain(self) -> str:
        """The bare words, with lines joined by newlines."""
        return "".join(run.text for run in self.runs)

    @property
    def has_words(self) -> bool:
        """Whether any of it is visible, see `is_visible`."""
        return is_visible(self.plain)

    def joined(self) -> StyledText:
        """Merges adjacent runs of the same style."""
        runs: list[StyledRun] = []
        for run in self.runs:
            if runs and runs[-1].saying(run.text) == run:
                runs[-1] = run.saying(runs[-1].text + run.text)
            else:
                runs.append(run)
        return replace(self, runs=tuple(runs))

    @classmethod
    def of(cls, text: str) -> StyledText:
        """Text without any style."""
        return cls((StyledRun(text),) if text else ())

    def lines(self) -> Iterator[tuple[StyledRun, ...]]:
        """The runs of each line."""
        line: list[StyledRun] = []
        for run in self.runs:
            if "\n" not in run.text:
                line += [run] if run.text else []
                continue
            first, *rest = run.text.split("\n")
            line += [run.saying(first)] if first else []
            for text in rest:
                yield tuple(line)
                line = [run.saying(text)] if text else []
        yield tuple(line)


#: Unicode categories of invisible characters: spaces, direction marks,
#: joiners and other format characters, control characters, lone surrogates.
_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc", "Cs"})


def is_visible(text: str) -> bool:
    """Whether *text*, without markup, has visible characters.

    >>> is_visible("\u200f "), is_visible("-")
    (False, True)
    """
    return any(char.isalnum() or unicodedata.category(char) not in _INVISIBLE for char in text)


_STYLES = {"i": "italic", "b": "bold", "u": "underline"}
# Possessive (*+), so that an unclosed tag is matched in linear time.
_SRT = re.compile(r"<(/?)([ibu])>|</?font[^<>]*+>|\{\\[^{}]*+\}", re.IGNORECASE)
_VTT = re.compile(r"<(/?)([a-z]*+)([^<>]*+)>", re.IGNORECASE)
_VOICE = re.compile(r"(?:\.[^\s]*)?\s+(.*)", re.DOTALL)
# A brace after a backslash is text to libass and ffmpeg.
_ASS = re.compile(r"(?<!\\)\{([^{}]*)\}|\\([Nnh])")
_ASS_SWITCH = re.compile(r"\\([ibu])(\d*)(?![a-z])|\\r|\\(an|a)(\d+)|\\(p)(\d+)|\\([kK][fo]?)\d")
#: Positions above the middle of the picture in \an and the older \a.
_ASS_TOP = {"an": frozenset("789"), "a": frozenset({"5", "6", "7"})}


class _Builder:
    """Builds runs while reading."""

    def __init__(self) -> None:
        self.runs: list[StyledRun] = []
        self.style: dict[str, bool] = {}

    def add(self, text: str) -> None:
        if text:
            self.runs.append(StyledRun(text, **self.style))

    def switch(self, letter: str, on: bool) -> None:
        self.style[_STYLES[letter.lower()]] = on


def parse_srt(text: str) -> StyledText:
    r"""Parses SubRip: <i>, <b>, <u>, <font>, and the {\an8} of Advanced SubStation."""
    builder, top, end = _Builder(), False, 0
    for match in _SRT.finditer(text):
        builder.add(text[end : match.start()])
        end = match.end()
        if match[2]:
            builder.switch(match[2], not match[1])
        elif re.match(r"\{\\an[789]", match[0]):
            top = True
    builder.add(text[end:])
    return StyledText(tuple(builder.runs), is_top=top)


def parse_vtt(text: str) -> StyledText:
    """Parses WebVTT: named spans, character references, time stamps."""
    builder, end = _Builder(), 0
    voices: list[str] = []
    for match in _VTT.finditer(text):
        builder.add(html.unescape(text[end : match.start()]))
        end = match.end()
        name = match[2].lower()
        if name in _STYLES:
            builder.switch(name, not match[1])
        elif name == "v" and not match[1]:
            name_of_voice = _VOICE.fullmatch(match[3])  # <v Name>, or <v.class Name>
            voices.append(html.unescape(name_of_voice[1]).strip() if name_of_voice else "")
    builder.add(html.unescape(text[end:]))
    return StyledText(tuple(builder.runs), voices=tuple(voices))


def parse_ass(text: str) -> StyledText:
    r"""Parses Advanced SubStation: override blocks, \N, \n and \h; drawings are not words."""
    builder, top, song, drawing, end = _Builder(), False, False, False, 0
    for match in _ASS.finditer(text):
        if not drawing:
            builder.add(text[end : match.start()])
        end = match.end()
        if match[2]:
            if not drawing:
                builder.add("\n" if match[2] != "h" else "\u00a0")
            continue
        for switch in _ASS_SWITCH.finditer(match[1]):
            letter, number, align, corner, pen, scale, karaoke = switch.groups()
            if letter:
                builder.switch(letter, number not in ("", "0"))
            elif align:
                top = top or corner in _ASS_TOP[align]
            elif pen:
                drawing = scale != "0"
            elif karaoke:
                song = True
            else:
                builder.style.clear()
    if not drawing:
        builder.add(text[end:])
    return StyledText(tuple(builder.runs), is_top=top, is_song=song)


# ffmpeg takes any <word> for a tag, {\ for an override, {y: for a MicroDVD code and
# \N for a line break.
_LOOKS_LIKE_SRT = re.compile(r"<(?= *[/\w])|\{(?=\\|[a-z]:)|\\(?=[nh])", re.IGNORECASE | re.ASCII)
#: Cached, since captions are written with and without tags and read back.
_cached = lru_cache(maxsize=8192)

#: Invisible and without a line break: it prevents two characters from forming markup.
JOINER = "\u2060"


@_cached
def to_srt(styled_text: StyledText) -> str:
    """Writes the text as SubRip; text that looks like markup is escaped."""

    def escape(text: str) -> str:
        text = _LOOKS_LIKE_SRT.sub(lambda match: match[0] + JOINER, text)
        return text.replace("-->", f"--{JOINER}>")

    text = spans(styled_text, escape, lambda name, on: f"<{'' if on else '/'}{name}>")
    return f"{{\\an8}}{text}" if styled_text.is_top else text


@_cached
def to_vtt(styled_text: StyledText) -> str:
    """Writes the text as WebVTT."""

    def escape(text: str) -> str:
        return html.escape(text, quote=False).replace("\0", "\ufffd")

    text = spans(styled_text, escape, lambda name, on: f"<{'' if on else '/'}{name}>")
    return f"<v {escape(styled_text.speaker)}>{text}" if styled_text.speaker else text


@_cached
def to_ass(styled_text: StyledText) -> str:
    """Writes the text as Advanced SubStation.

    No escape of a brace or backslash is understood by every reader, so
    braces become their full-width forms, and a backslash is separated from
    what follows.
    """

    def escape(text: str) -> str:
        text = text.replace("{", "\uff5b").replace("}", "\uff5d").replace("\0", "\ufffd")
        return text.replace("\\", f"\\{JOINER}")

    text = spans(styled_text, escape, lambda name, on: f"{{\\{name}{int(on)}}}").replace(
        "\n", "\\N"
    )
    return f"{{\\an8}}{text}" if styled_text.is_top else text


def spans(
    styled_text: StyledText, escape: Callable[[str], str], mark: Callable[[str, bool], str]
) -> str:
    """Writes runs with style marks, none across the end of a line.

    Blank lines, which would end a cue, and control characters are removed.

    Args:
        styled_text: a cue's text
        escape: escapes words that look like the format's markup
        mark: writes the beginning or end of a style, ``i``, ``b`` or ``u``
    """
    if len(styled_text.runs) == 1 and styled_text.runs[0] == StyledRun(styled_text.runs[0].text):
        text = styled_text.runs[0].text
        return "\n".join(escape(bare_text(line)) for line in text.split("\n") if line.strip())
    shown = []
    for runs in styled_text.lines():
        parts = []
        for run in runs:
            on = [
                name
                for name, is_on in (("i", run.italic), ("b", run.bold), ("u", run.underline))
                if is_on
            ]
            parts += [mark(name, True) for name in on]
            parts.append(run.text if run.is_raw else escape(bare_text(run.text)))
            parts += [mark(name, False) for name in reversed(on)]
        if any(run.text.strip() for run in runs):
            shown.append("".join(parts))
    return "\n".join(shown)


#: Characters that no text format can contain: lone surrogates, control characters.
_UNWRITABLE = re.compile("[\ud800-\udfff\0-\x08\x0a-\x1f]")


def bare_text(text: str) -> str:
    """Removes characters that no text format can contain: lone surrogates, control characters."""
    return _UNWRITABLE.sub("\ufffd", text)
