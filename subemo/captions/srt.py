"""SubRip (.srt): read by pysrt block by block, written by splicing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import SubtitleError
from .document import Cue, Document, Line, Problem, lines
from .encoding import detect

if TYPE_CHECKING:
    from ..annotation import Annotation

_INDEX = re.compile(r"\s*\d+\s*")
# A line that has the look of times, even where it turns out to be broken.
_TIMES = re.compile(r"\s*-?\d+:.*-->")
_BROKEN_TIMES = re.compile(r"\s*\d+:\d\d")
# A tag goes behind what positions the cue ({\an8}) and behind a speaker's dash.
_BEFORE_TAG = re.compile(r"(?:\{\\[^}]*\})*(?:\s*[-\u2010-\u2015]\s*(?=[^\s\d>-]))?")


@dataclass(frozen=True)
class _Head:
    """The line with a cue's times, or what should have been one.

    Attributes:
        position: of the line, from 0
        first: of the cue's first line, which is its number where it has one
        times: start and end in milliseconds, or None if they cannot be read
    """

    position: int
    first: int
    times: tuple[int, int] | None


@dataclass(frozen=True)
class Srt:
    """SubRip, the format that every player knows."""

    name: str = "srt"
    suffix: str = ".srt"

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """See `subemo.captions.base.CaptionReader.read`."""
        found = detect(data, named=encoding)
        text = list(lines(data, found))
        heads = list(_heads(text))
        cues: list[Cue] = []
        offsets: list[int | None] = []
        problems: list[Problem] = []
        starts = [*(head.first for head in heads), len(text)]
        for head, end in zip(heads, starts[1:], strict=True):
            line = text[head.position]
            if head.times is None:
                problems.append(
                    Problem(
                        line.number, f"no times can be read in {_quoted(line.text)}; kept as it is"
                    )
                )
                continue
            body = _body(text[head.position + 1 : end])
            start_ms, end_ms = head.times
            if end_ms < start_ms:
                problems.append(Problem(line.number, "this cue ends before it starts"))
            cues.append(
                Cue(len(cues), start_ms, end_ms, "\n".join(line.text for line in body), line.number)
            )
            offsets.append(
                body[0].start + len(found.encode(_before_tag(body[0].text))) if body else None
            )
        problems += _stray(text, heads)
        if not cues:
            raise SubtitleError(
                "no subtitles in this file",
                remedy="It should be SubRip (.srt), with times like 00:00:12,000 --> 00:00:15,000.",
            )
        problems.sort(key=lambda problem: problem.line)
        return Document(data, found, tuple(cues), tuple(offsets), tuple(problems))

    def write(self, annotation: Annotation) -> bytes:
        """See `subemo.captions.base.CaptionWriter.write`."""
        tags = {cue.index: f"[{cue.tag_text}]" for cue in annotation.cues if cue.tag_text}
        if annotation.document is not None:
            return annotation.document.splice({i: f"{tag} " for i, tag in tags.items()})
        from .pysrt_adapter import format_block

        tagged = [cue for cue in annotation.cues if cue.index in tags]
        blocks = [
            format_block(number, cue.start_ms, cue.end_ms, tags[cue.index])
            for number, cue in enumerate(tagged, start=1)
        ]
        return "\n".join(blocks).encode()


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
    body = after[: last + 1]
    # A text that begins with blank lines is one that players show as empty.
    return body if body and body[0].text.strip() else []


def _before_tag(text: str) -> str:
    match = _BEFORE_TAG.match(text)
    return match[0] if match else ""


def _stray(text: list[Line], heads: list[_Head]) -> Iterator[Problem]:
    """What stands before the first cue, which no player shows."""
    before = text[: heads[0].first] if heads else text
    for line in before:
        if line.text.strip():
            yield Problem(line.number, f"{_quoted(line.text)} belongs to no cue; kept as it is")
            return


def _quoted(text: str) -> str:
    return repr(text.strip() if len(text) < 60 else text.strip()[:57] + "...")
