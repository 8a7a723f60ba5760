"""Formats in which a line of times is followed by lines of text, like SubRip."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from ..subtitles.collecting import CueCollector
from ..subtitles.damaged_times import has_stray_words
from ..subtitles.dialogue import before_styled_words
from ..subtitles.document import CueOffsets, Line, Problem, of_no_cue
from ..subtitles.encoding import Encoding
from ..subtitles.markup import is_visible
from .base import RecordedReader

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|$)")


@dataclass(frozen=True)
class Head:
    """The line with a cue's times, or a damaged one.

    Attributes:
        position: position of the line, from 0
        first: position of the cue's first line, its number if it has one
        times: start and end in milliseconds and the position of the end, or None
            if they cannot be read
    """

    position: int
    first: int
    times: tuple[int, int, tuple[int, int]] | None


@dataclass(frozen=True)
class _Place:
    """The positions for a tag in a cue's text.

    Attributes:
        line: the first line with words, from 0
        above: the character before which to put a tag's own line
        inline: the character before which to put a tag before the words
    """

    line: int
    above: int
    inline: int


class TimedLines(RecordedReader):
    """A format in which a line of times begins a cue and its text follows.

    Attributes:
        before_tag: what a tag follows: positioning and direction marks
        style: style marks, after which a dash or name counts
    """

    before_tag: ClassVar[re.Pattern[str]]
    style: ClassVar[re.Pattern[str]]

    @abstractmethod
    def heads(self, text: Sequence[Line]) -> Iterator[Head]:
        """The lines with times."""

    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """See `subemo.formats.base.CaptionReader.find`."""
        heads = list(self.heads(text))
        found = CueCollector()
        starts = [*(head.first for head in heads), len(text)]
        for head, end in zip(heads, starts[1:], strict=True):
            line = text[head.position]
            body = _body(text[head.position + 1 : end])
            content = "\n".join(line.text for line in body).lstrip("\n")
            if head.times is None:
                found.add_damaged(line, line.text, content)
                continue
            start_ms, end_ms, end_time = head.times
            behind = line.text[end_time[1] :]
            if has_stray_words(behind):
                found.problems.append(of_no_cue(replace(line, text=behind)))
            offsets = self._offsets(line, body, end_time, encoding)
            found.add(line, (start_ms, end_ms), content, offsets)
        found.problems += _stray(text, heads)
        return found

    def places(self, body: str) -> frozenset[int]:
        """See `subemo.formats.base.RecordedReader.places`."""
        lines = list(_LINE.finditer(body))
        place = self._place([match[1] for match in lines])
        if place is None:
            return frozenset()
        text, start = lines[place.line][1], lines[place.line].start()
        # In a new file of another format's cues, a tag ends the styles before it and
        # restarts them after it.
        behind = self.style.match(text, place.inline)
        ends = {place.above, place.inline, place.inline if behind is None else behind.end()}
        return frozenset(start + end for end in ends)

    def _place(self, body: Sequence[str]) -> _Place | None:
        r"""The positions in a cue's lines; None if no words are visible.

        A line of only markup, such as ``{\an8}``, stays in place: a tag on its
        own line after it would leave the rest of that line empty, and an
        empty line ends the cue.
        """
        for number, text in enumerate(body):
            if not text.strip():
                return None  # most players end the cue here
            is_plain = "<" not in text and "{" not in text
            if is_visible(text if is_plain else self.parse(text).plain):
                before = self.before_tag.match(text)
                above = before.end() if before else 0
                inline = above + before_styled_words(text[above:], self.style)
                return _Place(number, above, inline)
        return None

    def _offsets(
        self, times: Line, body: Sequence[Line], end_time: tuple[int, int], encoding: Encoding
    ) -> CueOffsets:
        last = body[-1] if body else times
        first, behind = (times.byte_at(at, encoding) for at in end_time)
        place = self._place([line.text for line in body])
        above = inline = None
        if place is not None:
            above = body[place.line].byte_at(place.above, encoding)
            inline = body[place.line].byte_at(place.inline, encoding)
        return CueOffsets(
            end_time=(first, behind),
            start=body[0].start if body else None,
            span=(times.start, last.byte_at(len(last.text), encoding)),
            above=above,
            inline=inline,
        )


def _body(after: Sequence[Line]) -> Sequence[Line]:
    """The lines of a cue's text, up to the last that is not blank."""
    last = max((i for i, line in enumerate(after) if line.text.strip()), default=-1)
    return after[: last + 1]


def _stray(text: Sequence[Line], heads: Sequence[Head]) -> Iterator[Problem]:
    """Text before the first cue, which no player shows."""
    before = text[: heads[0].first] if heads else text
    for line in before:
        if line.text.strip():
            yield of_no_cue(line)
            return
