"""SubRip (.srt): read by pysrt block by block, written by splicing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import ClassVar

from ..core.times import clock
from ..subtitles.document import Document, Line
from ..subtitles.markup import StyledText, parse_srt, to_srt
from ..tagging.colours import Palette
from .base import PlainCue, Reading, TrackCodec
from .splicing import Mark, Splicing
from .timed_lines import Head, TimedLines, times_in

# pysrt reads letters or an empty string as the number 0.
# No film needs more digits than this.
_TIME = r"\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}"
_TIMES = re.compile(rf"\s*({_TIME})\s*-->\s*({_TIME})(?:\s|$)")


@lru_cache(maxsize=8192)  # captions are parsed again before they are written
def _parse_time(text: str) -> int | None:
    from pysrt import SubRipTime

    try:
        return int(SubRipTime.from_string(text).ordinal)
    except ValueError:  # of pysrt, too
        return None


@lru_cache(maxsize=8192)
def format_time(milliseconds: int) -> str:
    """Formats a time for SubRip."""
    return clock(milliseconds).replace(".", ",")


def format_block(number: int, start_ms: int, end_ms: int, text: str, newline: str = "\n") -> str:
    """Formats a block of an .srt file, with its final newline."""
    times = f"{format_time(start_ms)} --> {format_time(end_ms)}"
    return f"{number}{newline}{times}{newline}{text}{newline}"


_INDEX = re.compile(r"\s*\d+\s*")
# A line that looks like times, even if they are damaged.
_MEANT_AS_TIMES = re.compile(r"\s*-?\d+:.*-->")
_BROKEN_TIMES = re.compile(r"\s*\d+:\d\d")
#: A time of SubRip, which WebVTT writes with a dot.
_EXACT_TIMES = re.compile(
    r"^([ \t]*)(\d{1,9}):(\d\d):(\d\d)[,.](\d\d\d)([ \t]*-->[ \t]*)(\d{1,9}):(\d\d):(\d\d)[,.](\d\d\d)",
    re.MULTILINE,
)


class Srt(TimedLines):
    """SubRip, which every player supports."""

    name = "srt"
    suffixes = (".srt",)
    tracks: ClassVar = {"mp4": "mov_text", "matroska": "srt"}
    muxer = "srt"
    codecs = (
        TrackCodec("subrip", ("matroska",)),
        TrackCodec("srt", ("matroska",), as_file="srt"),
        TrackCodec("text", (), as_file="srt"),
        TrackCodec("mov_text", ("mp4",), as_file="srt"),
    )
    is_numbered = True
    cue_head = _INDEX
    expected = "SubRip (.srt), with times like 00:00:12,000 --> 00:00:15,000"
    cue_line = re.compile(r"^\s*\d+:\d+:\d+[,.:]\d+\s*-->")
    # A tag follows positioning and direction marks.
    before_tag = re.compile("(?:\\{\\\\[^}]*\\}|[\u200e\u200f\u202a\u202b\u2066\u2067\u2068])*")
    style = re.compile(r"(?:</?(?:[ibu]|font[^<>]*+)>)*", re.IGNORECASE)

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        return parse_srt(text)

    def serialise(self, styled_text: StyledText) -> str:
        """See `subemo.formats.base.CaptionReader.serialise`."""
        return to_srt(styled_text)

    def parse_time(self, text: str) -> int | None:
        """See `subemo.formats.base.RecordedReader.parse_time`."""
        return _parse_time(text) if re.fullmatch(_TIME, text) else None

    def heads(self, text: Sequence[Line]) -> Iterator[Head]:
        """See `subemo.formats.timed_lines.TimedLines.heads`; a number may precede it."""
        for position, line in enumerate(text):
            before = text[position - 1].text if position else ""
            numbered = position > 0 and _INDEX.fullmatch(before) is not None
            first = position - 1 if numbered else position
            # After a blank line and a number, anything with an arrow is meant as times.
            opens = numbered and (position == 1 or not text[position - 2].text.strip())
            if _MEANT_AS_TIMES.match(line.text) or (opens and "-->" in line.text):
                yield Head(position, first, times_in(line.text, _TIMES, _parse_time))
            elif opens and _BROKEN_TIMES.match(line.text):
                yield Head(position, first, None)

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        return Splicing(_wrap, format_time, document.newline)

    def readings(self, text: str) -> list[Reading]:
        """See `subemo.formats.base.CaptionReader.readings`.

        SubRip has no standard, so it is read in two ways: up to the next cue's
        times, like ffmpeg's reader, and up to the next empty line, like
        browsers and pysrt.
        """
        return [Reading("srt", text), Reading("webvtt", _as_webvtt(text))]

    def read_leniently(self, text: str) -> list[PlainCue] | None:
        """See `subemo.formats.base.CaptionReader.read_leniently`; by webvtt-py."""
        from .webvtt.times import read_text

        return read_text(_as_webvtt(text))

    def block(self, number: int, times: tuple[int, int], text: str, newline: str = "\n") -> str:
        """See `subemo.formats.base.RecordedReader.block`."""
        return format_block(number, *times, text, newline)


def _wrap(mark: Mark, _: Palette | None) -> str:
    return mark.text


def _as_webvtt(text: str) -> str:
    # Only empty lines matter here, not line endings.
    lined = re.sub(r"\r\n?", "\n", text)
    return "WEBVTT\n\n" + _EXACT_TIMES.sub(r"\1\2:\3:\4.\5\6\7:\8:\9.\g<10>", lined)


FORMAT = Srt()
