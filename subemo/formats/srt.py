"""SubRip (.srt): read by pysrt block by block, written by splicing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from ..core.times import clock
from ..subtitles.document import Document, Line
from ..subtitles.markup import StyledText, parse_srt, to_srt
from ..tagging.colours import Palette
from .base import PlainCue, Reading, TrackCodec
from .splicing import InsertionPoint, Mark, Splicing, tagged_text
from .timed_lines import Head, TimedLines

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm
    from ..tagging.sounds import SoundCue

# pysrt reads letters or an empty string as the number 0.
# No film needs more digits than this.
_TIME = r"\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*({_TIME})(?:\s|$)")


@lru_cache(maxsize=8192)  # captions are parsed again before they are written
def parse_times(line: str) -> tuple[int, int, tuple[int, int]] | None:
    """Parses start, end and the position of the end time in ``00:00:12,000 --> 00:00:15,000``.

    Returns:
        start and end in milliseconds, and the span of characters of the
        end time; None if pysrt cannot read the line
    """
    from pysrt import SubRipItem
    from pysrt.srtexc import Error

    match = _TIMES.match(line)
    if match is None:
        return None
    try:
        item = SubRipItem.from_lines([line, ""])
    except (Error, ValueError):  # int() refuses thousands of digits with ValueError
        return None
    return int(item.start.ordinal), int(item.end.ordinal), match.span(1)


def parse_time(text: str) -> int | None:
    """The milliseconds of a time such as ``00:00:12,000``, or None."""
    found = parse_times(f"{text} --> {text}") if re.fullmatch(_TIME, text) else None
    return None if found is None else found[0]


@lru_cache(maxsize=8192)
def format_time(milliseconds: int) -> str:
    """Formats a time for SubRip."""
    return clock(milliseconds).replace(".", ",")


def format_block(number: int, start_ms: int, end_ms: int, text: str) -> str:
    """Formats a block of an .srt file, with its final newline."""
    return f"{number}\n{format_time(start_ms)} --> {format_time(end_ms)}\n{text}\n"


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

    def parse_time(self, text: str) -> int | None:
        """See `subemo.formats.base.RecordedReader.parse_time`."""
        return parse_time(text)

    def heads(self, text: Sequence[Line]) -> Iterator[Head]:
        """See `subemo.formats.timed_lines.TimedLines.heads`; a number may precede it."""
        for position, line in enumerate(text):
            before = text[position - 1].text if position else ""
            numbered = position > 0 and _INDEX.fullmatch(before) is not None
            first = position - 1 if numbered else position
            # After a blank line and a number, anything with an arrow is meant as times.
            opens = numbered and (position == 1 or not text[position - 2].text.strip())
            if _MEANT_AS_TIMES.match(line.text) or (opens and "-->" in line.text):
                yield Head(position, first, parse_times(line.text))
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

    def sound_block(self, cue: SoundCue, point: InsertionPoint) -> str:
        """See `subemo.formats.base.CaptionReader.sound_block`."""
        newline = point.document.newline
        times = f"{format_time(cue.start_ms)} --> {format_time(cue.end_ms)}"
        rows = (str(point.number), times, cue.text)
        block = "".join(f"{row}{newline}" for row in rows)
        return newline * point.missing_endings + block + ("" if point.is_last else newline)

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`; separated by blank lines."""
        return [b""] + [
            format_block(
                number, cue.start_ms, cue.shown_end_ms, tagged_text(cue, to_srt, _wrap)
            ).encode()
            for number, cue in enumerate(annotation.written, start=1)
        ]


def _wrap(mark: Mark, _: Palette | None) -> str:
    return mark.text


def _as_webvtt(text: str) -> str:
    # Only empty lines matter here, not line endings.
    lined = re.sub(r"\r\n?", "\n", text)
    return "WEBVTT\n\n" + _EXACT_TIMES.sub(r"\1\2:\3:\4.\5\6\7:\8:\9.\g<10>", lined)


FORMAT = Srt()
