"""Formats in which a line of times is followed by lines of text, like SubRip."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from ..subtitles.collecting import CueCollector
from ..subtitles.damaged_times import has_stray_words
from ..subtitles.dialogue import before_styled_words
from ..subtitles.document import Line, of_no_cue
from ..subtitles.encoding import Encoding
from ..subtitles.markup import is_visible
from .base import CaptionReader, RecordedReader


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


class TextLines(CaptionReader):
    """A format in which a cue's text has lines.

    Attributes:
        before_tag: what a tag follows: positioning and direction marks
        style: style marks, after which a dash or name counts
        ends_at_blank: whether most players end a cue at a line of blanks
    """

    before_tag: ClassVar[re.Pattern[str]]
    style: ClassVar[re.Pattern[str]]
    ends_at_blank: ClassVar[bool] = True

    def place(self, text: str) -> tuple[int, int] | None:
        r"""See `subemo.formats.base.CaptionReader.place`.

        A line of only markup, such as ``{\an8}``, stays in place: a tag on its
        own line after it would leave the rest of that line empty, and an
        empty line ends the cue.
        """
        start = 0
        for line in text.split("\n"):
            if self.ends_at_blank and not line.strip():
                return None
            is_plain = not any(sign in line for sign in "<{&")
            if is_visible(line if is_plain else self.parse(line).plain):
                before = self.before_tag.match(line)
                above = before.end() if before else 0
                inline = above + before_styled_words(line[above:], self.style)
                return start + above, start + inline
            start += len(line) + 1
        return None


class TimedLines(TextLines, RecordedReader):
    """A format in which a line of times begins a cue and its text follows."""

    @abstractmethod
    def heads(self, text: Sequence[Line]) -> Iterator[Head]:
        """The lines with times."""

    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """See `subemo.formats.base.CaptionReader.find`."""
        heads = list(self.heads(text))
        found = CueCollector()
        starts = [*(head.first for head in heads), len(text)]
        # Text before the first cue, which no player shows.
        stray = [line for line in text[: starts[0]] if line.text.strip()]
        found.problems += map(of_no_cue, stray[:1])
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
            offsets = self.offsets(line, body, encoding, end=end_time)
            found.add(line, (start_ms, end_ms), content, offsets)
        return found

    def places(self, body: str) -> Collection[int]:
        """See `subemo.formats.base.RecordedReader.places`."""
        place = self.place(body)
        if place is None:
            return ()
        # In new files of version 1.0, a tag ended the styles before it and restarted them after it.
        behind = self.style.match(body, place[1])
        return (*place, place[1] if behind is None else behind.end())


def times_in(
    line: str, pattern: re.Pattern[str], parse: Callable[[str], int | None]
) -> tuple[int, int, tuple[int, int]] | None:
    """Start and end of a line's times, in milliseconds, and the span of the end time.

    Args:
        line: the line
        pattern: of lines of times, whose groups are the two
        parse: reads a time, None if that cannot be

    Returns:
        None if the times cannot be read
    """
    match = pattern.match(line)
    if match is None:
        return None
    start, end = parse(match[1]), parse(match[2])
    return None if start is None or end is None else (start, end, match.span(2))


def _body(after: Sequence[Line]) -> Sequence[Line]:
    """The lines of a cue's text, up to the last that is not blank."""
    last = max((i for i, line in enumerate(after) if line.text.strip()), default=-1)
    return after[: last + 1]
