"""SubRip (.srt): read by pysrt block by block, written by splicing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from ..subtitles.document import Document, Line
from ..subtitles.markup import StyledText, parse_srt, to_srt
from ..tagging.colours import Palette
from .base import PlainCue, Reading, TrackCodec
from .splicing import Mark, Splicing, tagged_text
from .spots import BlockSpot
from .timed_lines import Head, TimedLines

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm
    from ..tagging.sounds import SoundCue

_INDEX = re.compile(r"\s*\d+\s*")
# A line that looks like times, even if they are damaged.
_TIMES = re.compile(r"\s*-?\d+:.*-->")
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
        from .pysrt_adapter import parse_time

        return parse_time(text)

    def heads(self, text: Sequence[Line]) -> Iterator[Head]:
        """See `subemo.formats.timed_lines.TimedLines.heads`; a number may precede it."""
        from .pysrt_adapter import parse_times

        for position, line in enumerate(text):
            before = text[position - 1].text if position else ""
            numbered = position > 0 and _INDEX.fullmatch(before) is not None
            first = position - 1 if numbered else position
            # After a blank line and a number, anything with an arrow is meant as times.
            opens = numbered and (position == 1 or not text[position - 2].text.strip())
            if _TIMES.match(line.text) or (opens and "-->" in line.text):
                yield Head(position, first, parse_times(line.text))
            elif opens and _BROKEN_TIMES.match(line.text):
                yield Head(position, first, None)

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        from .pysrt_adapter import format_time

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
        from .webvtt_adapter import read_text

        return read_text(_as_webvtt(text))

    def sound_block(self, cue: SoundCue, spot: BlockSpot) -> str:
        """See `subemo.formats.base.CaptionReader.sound_block`."""
        from .pysrt_adapter import format_time

        newline = spot.document.newline
        times = f"{format_time(cue.start_ms)} --> {format_time(cue.end_ms)}"
        rows = (str(spot.number), times, cue.text)
        block = "".join(f"{row}{newline}" for row in rows)
        return newline * spot.missing_endings + block + ("" if spot.is_last else newline)

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`; separated by blank lines."""
        from .pysrt_adapter import format_block

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
