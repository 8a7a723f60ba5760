"""WebVTT (.vtt): webvtt-py reads the times; voices, settings, notes and styles are unchanged.

W3C WebVTT, "6.1 WebVTT file parsing": blocks are separated by blank lines,
and a line with an arrow begins a cue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from ...subtitles.collecting import CueCollector
from ...subtitles.document import (
    Document,
    Line,
    Problem,
    Untagged,
    endings_of,
    of_no_cue,
    quoted,
    unknown_tags,
)
from ...subtitles.encoding import Encoding
from ...subtitles.markup import StyledText, parse_vtt, to_vtt
from ...tagging.colours import Palette
from ...tagging.vocabulary import Vocabulary
from ..base import PlainCue, Reading, TrackCodec
from ..splicing import InsertionPoint, Splicing, rewritten
from ..timed_lines import TextLines
from .marks import note, sound_block, without_marks, without_sound_blocks, wrap, wrap_words

if TYPE_CHECKING:
    from ...tagging.annotation import AnnotatedFilm
    from ...tagging.sounds import SoundCue

# A tag goes inside the voice span of its words, and after direction marks.
_BEFORE_TAG = re.compile("(?:<v[ \\t.][^<>]*+>|[\u200e\u200f\u202a\u202b\u2066\u2067\u2068])*")
_STYLE = re.compile(r"(?:</?[ibuc](?:[.][^<>]*+)?>|<lang[^<>]*+>)*")
# A line on which a speaker begins, with the time if given.
_TURN = re.compile(r"\s*(?:<((?:\d+:)?\d\d:\d\d\.\d\d\d)>\s*)?(?:<v[ \t.]|[-\u2010-\u2015])")
#: The beginnings of blocks that are not cues.
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?![^ \t])")
_EXACT_TIME = re.compile(r"(?:\d+:)?\d\d:\d\d\.\d\d\d")


_HEADER = "WEBVTT"


class WebVtt(TextLines):
    """WebVTT, the format of the web."""

    name = "vtt"
    suffixes = (".vtt",)
    has_colours = True
    tracks: ClassVar = {"webm": "webvtt"}
    muxer = "webvtt"
    codecs = (TrackCodec("webvtt", ("matroska", "webm")),)
    cue_head = re.compile(r".*\S.*")
    expected = "WebVTT, with times like 00:12.000 --> 00:15.000"
    # A line with only a voice's name is left unchanged: a tag above the words in it
    # would leave an empty line, which ends the cue.
    before_tag = _BEFORE_TAG
    style = _STYLE
    ends_at_blank = False

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        return parse_vtt(text)

    def serialise(self, styled_text: StyledText) -> str:
        """See `subemo.formats.base.CaptionReader.serialise`."""
        return to_vtt(styled_text)

    def sniff(self, head: bytes) -> bool:
        """See `subemo.formats.base.CaptionReader.sniff`."""
        return _text_of(head)[: len(_HEADER)].upper() == _HEADER

    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """See `subemo.formats.base.CaptionReader.find`."""
        found = CueCollector()
        if not text[0].text.startswith(_HEADER):
            problem = f"{quoted(text[0].text)} should be {_HEADER}; browsers refuse the file"
            found.problems.append(Problem(text[0].number, problem))
        for times, body in _blocks(text):
            if times is None:
                found.problems += [of_no_cue(body[0])]
            else:
                self._collect(found, times, body, encoding)
        return found

    def _collect(
        self, found: CueCollector, times: Line, body: Sequence[Line], encoding: Encoding
    ) -> None:
        from .times import parse_times

        content = "\n".join(line.text for line in body)
        parsed = parse_times(times.text)
        if parsed is None:
            found.add_damaged(times, times.text, content)
            return
        start_ms, end_ms, span = parsed
        exact = _EXACT_TIME.fullmatch(times.text[slice(*span)])
        offsets = self.offsets(times, body, encoding, end=span if exact else None)
        turn_ms = _second_turn(body)
        voice_end_ms = turn_ms if turn_ms is not None and start_ms < turn_ms < end_ms else None
        found.add(times, (start_ms, end_ms), content, offsets, voice_end_ms=voice_end_ms)

    def head(self, text: Sequence[Line], data: bytes, encoding: Encoding) -> int | None:
        """After the header, if a blank line follows and all line endings are the same.

        Otherwise the end of a note and the beginning of the next line
        could form one line ending.
        """
        if len(endings_of(data, encoding)) > 1:
            return None
        for line, follower in pairwise(text):
            if not follower.text:
                return line.start + line.size
        return None

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> Untagged:
        """See `subemo.formats.base.CaptionReader.untag`."""
        removed = unknown = 0

        def bare(text: str, decode: Callable[[str], str]) -> str:
            nonlocal removed, unknown
            text, removed, unknown = without_marks(text, decode, words)
            return text

        bytes_before = rewritten(data, self.encoding_of(data, named=encoding), bare)
        return Untagged(bytes_before, removed, unknown_tags(unknown))

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        from .times import format_time

        return Splicing(wrap, format_time, document.newline, wrap_words)

    def readings(self, text: str) -> list[Reading]:
        """See `subemo.formats.base.CaptionReader.readings`."""
        return [Reading("webvtt", text)]

    def read_leniently(self, text: str) -> list[PlainCue] | None:
        """See `subemo.formats.base.CaptionReader.read_leniently`; by webvtt-py."""
        from .times import read_text

        return read_text(text)

    def note(
        self, annotation: AnnotatedFilm, document: Document, *, colours: Palette | None = None
    ) -> str:
        """See `subemo.formats.base.CaptionReader.note`."""
        return note(annotation, document.newline, colours)

    def sound_block(self, cue: SoundCue, point: InsertionPoint) -> str:
        """See `subemo.formats.base.CaptionReader.sound_block`."""
        from .times import format_time

        times = f"{format_time(cue.start_ms)} --> {format_time(cue.end_ms)}"
        return sound_block(cue, times, point)

    def without_sound_cues(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> tuple[bytes, int]:
        """See `subemo.formats.base.CaptionReader.without_sound_cues`."""
        removed = 0

        def bare(text: str, decode: Callable[[str], str]) -> str:
            nonlocal removed
            text, removed = without_sound_blocks(text, decode, words)
            return text

        return rewritten(data, self.encoding_of(data, named=encoding), bare), removed

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`."""
        from .times import format_time

        return [("WEBVTT\n" + note(annotation, "\n", colours)).encode()] + [
            (
                f"\n{format_time(cue.start_ms)} --> {format_time(cue.shown_end_ms)}"
                f"{' line:0' if cue.styled_text.is_top else ''}\n"
                f"{self.tagged_text(cue, colours)}\n"
            ).encode()
            for cue in annotation.written
        ]


def _text_of(head: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(name, "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _blocks(text: Sequence[Line]) -> Iterator[tuple[Line | None, Sequence[Line]]]:
    """The line of times and the lines of text of each cue; None for text without times."""
    position = 0
    is_header = True
    while position < len(text):
        block: list[Line] = []
        while position < len(text) and text[position].text and "-->" not in text[position].text:
            block.append(text[position])
            position += 1
        has_times = position < len(text) and "-->" in text[position].text
        # A line before the times is the cue's identifier.
        is_stray = len(block) > has_times and not _NO_CUE.match(block[0].text)
        if is_stray and not is_header:
            yield None, block
        is_header = False
        if has_times:
            times, first = text[position], position + 1
            position = first
            while position < len(text) and text[position].text and "-->" not in text[position].text:
                position += 1
            yield times, text[first:position]
        else:
            position += 1


def _second_turn(body: Sequence[Line]) -> int | None:
    """The start of the second of two speakers, if a time stamp before that line gives it."""
    from .times import parse_time

    turns = [line for line in body if _TURN.match(line.text)]
    if body and not _TURN.match(body[0].text):
        turns.insert(0, body[0])  # the first speaker has no dash
    if len(turns) != 2:
        return None
    stamp = _TURN.match(turns[1].text)
    return parse_time(stamp[1]) if stamp is not None and stamp[1] else None


FORMAT = WebVtt()
