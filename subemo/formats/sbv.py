r"""SBV (.sbv), YouTube's SubViewer: a line of times, the lines of text, an empty line.

It has no numbers and no markup: according to YouTube Help, "Supported subtitle and
closed caption files", no style information in .sbv and .sub is recognised, and files
must be plain UTF-8. webvtt-py reads it as such. ffmpeg reads it as the older
SubViewer, in which a line that begins with ``[`` is a header, ``[br]`` breaks a line,
and overrides of Advanced SubStation apply; new files are escaped so that none of
these occurs by chance.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..core.times import clock
from ..subtitles.document import Document, Line
from ..subtitles.markup import JOINER, StyledText, spans
from ..tagging.colours import Palette
from .base import PlainCue, Reading
from .splicing import Mark, Splicing
from .timed_lines import Head, TimedLines, times_in

_TIME = r"[0-9]{1,9}:[0-9]{1,2}:[0-9]{1,2}\.[0-9]{3}"
_TIMES = re.compile(rf"\s*({_TIME}),({_TIME})(?![\d:.,])")
# A line that looks like times, even if they are damaged.
_LOOKS_LIKE_TIMES = re.compile(r"\s*-?\d+:\d+:\d+[.,;:]?\d*+\s*+(?:[,;]|-+>?)\s*-?\d+:\d")
_BROKEN_TIMES = re.compile(r"\s*-?\d+:\d+:\d+")
#: A line above text with two colons, ten digits, what parts two times, and no two letters side by side.
_DAMAGED = re.compile(r"(?=(?:[^:]*:){2})(?=(?:\D*\d){10})(?=.*\d\s*[,;>])(?!.*[^\W\d_]{2})")
_EXACT_TIMES = re.compile(rf"[ \t]*{_TIME},{_TIME}[ \t]*")
_MARKUP = re.compile(r"\{(?=\\)|\\(?=[Nnh])|\[(?=br\])", re.IGNORECASE)
#: The replacement for a bracket at the beginning of a line, so that ffmpeg does not treat the line
#: as a header: a character of Unicode's private area.
_BRACKET = "\ue05b"


class Sbv(TimedLines):
    """YouTube's SubViewer."""

    name = "sbv"
    suffixes = (".sbv",)
    expected = "SubViewer as YouTube has it (.sbv), with times like 0:00:12.000,0:00:15.000"
    cue_line = re.compile(rf"^{_TIMES.pattern}")
    sign = re.compile(rf"{_TIME},{_TIME}")
    before_tag = re.compile("[\u200e\u200f\u202a\u202b\u2066\u2067\u2068]*")
    style = re.compile("")
    after_block = b"\n"

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`; spaces around a line are not shown."""
        return StyledText.of("\n".join(line.strip(" \t") for line in text.split("\n")))

    def serialise(self, styled_text: StyledText) -> str:
        """See `subemo.formats.base.CaptionReader.serialise`."""
        text = spans(styled_text, _escape, lambda *_: "")
        return _apart("\n".join(_no_times(line.strip(" \t")) for line in text.split("\n")))

    def parse_time(self, text: str) -> int | None:
        """See `subemo.formats.base.RecordedReader.parse_time`."""
        if not re.fullmatch(_TIME, text):
            return None
        hours, minutes, seconds = text.split(":")
        return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))

    def heads(self, text: Sequence[Line]) -> Iterator[Head]:
        """See `subemo.formats.timed_lines.TimedLines.heads`."""
        for position, line in enumerate(text):
            times = times_in(line.text, _TIMES, self.parse_time)
            opens = position == 0 or not text[position - 1].text.strip()
            is_broken = opens and (_BROKEN_TIMES.match(line.text) or _DAMAGED.match(line.text))
            if times is not None or is_broken or _LOOKS_LIKE_TIMES.match(line.text):
                yield Head(position, position, times)

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        return Splicing(_wrap, _format_time, document.newline)

    def readings(self, text: str) -> list[Reading]:
        """See `subemo.formats.base.CaptionReader.readings`.

        One reading ends at the next cue's times, like ffmpeg's; the other at the next empty
        line, for which ffmpeg's WebVTT reader gets the converted lines.
        """
        lined = re.sub(r"\r\n?", "\n", text)
        masked = re.sub(r"^\[", _BRACKET, lined, flags=re.MULTILINE)
        return [
            Reading("subviewer", masked, restored=lambda shown: shown.replace(_BRACKET, "[")),
            Reading("webvtt", "WEBVTT\n\n" + "\n".join(map(_as_webvtt, lined.split("\n")))),
        ]

    def read_leniently(self, text: str) -> list[PlainCue] | None:
        """See `subemo.formats.base.CaptionReader.read_leniently`; by webvtt-py."""
        from .webvtt.times import read_text

        return read_text(text, "sbv")

    def block(self, number: int, times: tuple[int, int], text: str, newline: str = "\n") -> str:
        """See `subemo.formats.base.RecordedReader.block`."""
        return f"{','.join(map(_format_time, times))}{newline}{_apart(text)}{newline}"


def _wrap(mark: Mark, _: Palette | None) -> str:
    return mark.text if mark.before and mark.before[-1] not in "\r\n" else _apart(mark.text)


def _apart(text: str) -> str:
    """Adds a space before a bracket that begins a line, which ffmpeg would not show."""
    return re.sub(r"^\[", " [", text, flags=re.MULTILINE)


def _escape(text: str) -> str:
    return _no_times(_MARKUP.sub(lambda match: match[0] + JOINER, text))


def _no_times(text: str) -> str:
    return JOINER + text if _BROKEN_TIMES.match(text) or _DAMAGED.match(text) else text


@lru_cache(maxsize=8192)
def _format_time(milliseconds: int) -> str:
    return clock(milliseconds, hour_digits=1)


def _as_webvtt(line: str) -> str:
    """Converts a line to WebVTT, where each part of a time needs two digits."""
    if not _EXACT_TIMES.fullmatch(line):
        return html.escape(line, quote=False)
    start, end = (_two_digits(time) for time in line.strip().split(","))
    return f"{start} --> {end}"


def _two_digits(time: str) -> str:
    hours, minutes, seconds = time.split(":")
    return f"{hours:0>2}:{minutes:0>2}:{seconds:0>6}"


FORMAT = Sbv()
