"""SubRip (.srt): read by pysrt block by block, written by splicing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..subtitles.collecting import CueCollector
from ..subtitles.dialogue import before_styled_words
from ..subtitles.document import CueOffsets, Document, Line, Problem, Untagged, lines, of_no_cue
from ..subtitles.encoding import Encoding, detect
from ..subtitles.markup import StyledText, is_visible, parse_srt, to_srt
from ..tagging.colours import Palette
from ..tagging.vocabulary import Words
from .splicing import Mark, Splicing, spliced, tagged_text

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm

_INDEX = re.compile(r"\s*\d+\s*")
# A line that has the look of times, even where it turns out to be broken.
_TIMES = re.compile(r"\s*-?\d+:.*-->")
_BROKEN_TIMES = re.compile(r"\s*\d+:\d\d")
# A tag goes behind what positions the cue and what sets the direction of its line.
_BEFORE_TAG = re.compile("(?:\\{\\\\[^}]*\\}|[\u200e\u200f\u202a\u202b\u2066\u2067\u2068])*")

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|$)")
_STYLE = re.compile(r"(?:</?(?:[ibu]|font[^<>]*+)>)*", re.IGNORECASE)


@dataclass(frozen=True)
class _Head:
    """The line with a cue's times, or what should have been one.

    Attributes:
        position: of the line, from 0
        first: of the cue's first line, which is its number where it has one
        times: start and end in milliseconds and where the end stands, or None
            if they cannot be read
    """

    position: int
    first: int
    times: tuple[int, int, tuple[int, int]] | None


@dataclass(frozen=True)
class Srt:
    """SubRip, the format that every player knows."""

    name: str = "srt"
    suffixes: tuple[str, ...] = (".srt",)
    has_colours: bool = False
    has_record: bool = True
    is_numbered: bool = True

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        return parse_srt(text)

    def sniff(self, head: bytes) -> bool:
        """See `subemo.formats.base.CaptionReader.sniff`; what is nothing else is SubRip."""
        return True

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """See `subemo.formats.base.CaptionReader.read`."""
        encoded = detect(data, named=encoding)
        text = list(lines(data, encoded))
        heads = list(_heads(text))
        found = CueCollector()
        starts = [*(head.first for head in heads), len(text)]
        for head, end in zip(heads, starts[1:], strict=True):
            line = text[head.position]
            body = _body(text[head.position + 1 : end])
            content = "\n".join(line.text for line in body).lstrip("\n")
            if head.times is None:
                found.add_damaged(line, line.text, content)
                continue
            *times, end_time = head.times
            first, last = (line.start + len(encoded.encode(line.text[:at])) for at in end_time)
            found.add(
                line, (times[0], times[1]), content, _site(line, body, (first, last), encoded)
            )
        found.problems += _stray(text, heads)
        return found.document(
            data,
            encoded,
            self.name,
            expected="SubRip (.srt), with times like 00:00:12,000 --> 00:00:15,000",
        )

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Words | None = None
    ) -> Untagged:
        """See `subemo.formats.base.CaptionReader.untag`; the record beside it tells."""
        return Untagged(data, 0)

    def places(self, body: str) -> frozenset[int]:
        """Where in a cue's text, in characters, subemo would put a tag."""
        lines = list(_LINE.finditer(body))
        place = _place([match[1] for match in lines])
        if place is None:
            return frozenset()
        text, start = lines[place.line][1], lines[place.line].start()
        # In a file of cues of another format a tag ends the styles before it, and begins
        # those behind it again.
        behind = _STYLE.match(text, place.inline)
        ends = {place.above, place.inline, place.inline if behind is None else behind.end()}
        return frozenset(start + end for end in ends)

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `subemo.formats.base.CaptionWriter.write`; there are no colours."""
        document = annotation.document
        if document is not None and document.form == self.name:
            return spliced(annotation, document, self.splicing(document))
        return b"\n".join(self.blocks(annotation)[1:])

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        from .pysrt_adapter import format_time

        return Splicing(_wrap, format_time, document.newline)

    def note(self, annotation: AnnotatedFilm, document: Document) -> str:
        """See `subemo.formats.base.CaptionReader.note`; there is no room for one."""
        return ""

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`; a blank line parts them."""
        from .pysrt_adapter import format_block

        return [b""] + [
            format_block(
                number, cue.start_ms, cue.shown_end_ms, tagged_text(cue, to_srt, _wrap)
            ).encode()
            for number, cue in enumerate(annotation.written, start=1)
        ]


def _wrap(mark: Mark, _: Palette | None) -> str:
    return mark.text


def _heads(text: list[Line]) -> Iterator[_Head]:
    from .pysrt_adapter import parse_times

    for position, line in enumerate(text):
        before = text[position - 1].text if position else ""
        numbered = position > 0 and _INDEX.fullmatch(before) is not None
        first = position - 1 if numbered else position
        # After a blank line and a number, anything with an arrow is meant as times.
        opens = numbered and (position == 1 or not text[position - 2].text.strip())
        if _TIMES.match(line.text) or (opens and "-->" in line.text):
            yield _Head(position, first, parse_times(line.text))
        elif opens and _BROKEN_TIMES.match(line.text):
            yield _Head(position, first, None)


def _body(after: list[Line]) -> list[Line]:
    """The lines of a cue's text: all up to the last that is not blank."""
    last = max((i for i, line in enumerate(after) if line.text.strip()), default=-1)
    return after[: last + 1]


@dataclass(frozen=True)
class _Place:
    """Where a tag goes in a cue's text.

    Attributes:
        line: the first line with words, from 0
        above: before which of its characters a line of the tag's own is put
        inline: before which one a tag in front of the words
    """

    line: int
    above: int
    inline: int


def _place(body: Sequence[str]) -> _Place | None:
    r"""The place in a cue's lines; None where a viewer sees no words.

    A line of markup alone, such as ``{\an8}``, is left where it is: a tag on a
    line of its own behind it would leave the rest of that line empty, and an
    empty line ends the cue.
    """
    for number, text in enumerate(body):
        if not text.strip():
            return None  # most players end the cue here
        is_plain = "<" not in text and "{" not in text
        if is_visible(text if is_plain else parse_srt(text).plain):
            before = _BEFORE_TAG.match(text)
            above = before.end() if before else 0
            return _Place(number, above, above + before_styled_words(text[above:], _STYLE))
    return None


def _site(
    times: Line, body: list[Line], end_time: tuple[int, int], encoding: Encoding
) -> CueOffsets:
    last = body[-1] if body else times
    site = CueOffsets(
        end_time=end_time,
        start=body[0].start if body else None,
        span=(times.start, last.start + len(encoding.encode(last.text))),
    )
    place = _place([line.text for line in body])
    if place is None:
        return site
    line = body[place.line]
    above, inline = (
        line.start + len(encoding.encode(line.text[:at])) for at in (place.above, place.inline)
    )
    return replace(site, above=above, inline=inline)


def _stray(text: list[Line], heads: list[_Head]) -> Iterator[Problem]:
    """What stands before the first cue, which no player shows."""
    before = text[: heads[0].first] if heads else text
    for line in before:
        if line.text.strip():
            yield of_no_cue(line)
            return
