"""A subtitle file as the bytes that it is, and the cues that were understood in it.

Subtitle libraries read a file into objects and write objects into a new file;
what they did not understand is gone. Here a library says what the cues are,
and writing splices tags into the original bytes, so that everything else
stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .encoding import Encoding


@dataclass(frozen=True)
class Cue:
    """One subtitle.

    Attributes:
        index: its position in the file, from 0
        start_ms: when it appears
        end_ms: when it goes; a broken file may say before `start_ms`
        text: its lines, joined by newlines
        line: where its times stand in the file, from 1; 0 if it is from no file
    """

    index: int
    start_ms: int
    end_ms: int
    text: str
    line: int = 0


@dataclass(frozen=True)
class Problem:
    """Something in the file that was worked around: the line, from 1, and what."""

    line: int
    message: str


@dataclass(frozen=True)
class Line:
    """One line of the file: its number from 1, its first byte, and its text without ending."""

    number: int
    start: int
    text: str


@dataclass(frozen=True)
class Document:
    """A subtitle file.

    Attributes:
        data: the whole file, byte for byte
        encoding: how its text is encoded
        cues: what was understood, in the order of the file
        tag_offsets: where a tag goes in `data`, for each cue; None where the
            cue has no text to stand in front of
        problems: what was worked around
    """

    data: bytes = field(repr=False)
    encoding: Encoding
    cues: tuple[Cue, ...]
    tag_offsets: tuple[int | None, ...] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def splice(self, tags: Mapping[int, str]) -> bytes:
        """The file with *tags* in it, by the index of the cue; all else is unchanged."""
        parts: list[bytes] = []
        written = 0
        offsets = {
            index: offset for index in tags if (offset := self.tag_offsets[index]) is not None
        }
        for index, offset in sorted(offsets.items(), key=lambda item: item[1]):
            parts += [self.data[written:offset], self.encoding.encode(tags[index])]
            written = offset
        return b"".join([*parts, self.data[written:]])


_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")


def lines(data: bytes, encoding: Encoding) -> Iterator[Line]:
    """The lines of a file, whichever line ending it uses, after its byte order mark."""
    start = len(encoding.bom)
    if encoding.is_wide:
        text = encoding.decode(data[start : start + encoding.whole(len(data) - start)])
        for number, match in enumerate(_LINE.finditer(text), start=1):
            if match[0]:
                yield Line(number, start, match[1])
                start += len(encoding.encode(match[0]))
        return
    # Each line is decoded by itself: in some encodings decoding and encoding
    # the whole does not give the same bytes again, and offsets must be exact.
    for number, raw in enumerate(data[start:].splitlines(keepends=True), start=1):
        yield Line(number, start, encoding.decode(raw.rstrip(b"\r\n")))
        start += len(raw)
