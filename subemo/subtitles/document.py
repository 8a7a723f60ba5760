"""A subtitle file as bytes, with the cues parsed from it.

Subtitle libraries parse a file into objects and write a new file from them,
which loses what they did not understand. Here cues only point into the file:
writing splices tags into the original bytes, so everything else is
unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .encoding import Encoding


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle.

    Attributes:
        index: position in the file, from 0
        start_ms: start time
        end_ms: end time; before `start_ms` in a broken file
        text: its lines, joined by newlines, with the format's markup
        line: line of its times in the file, from 1; 0 if not from a file
        speaker: the speaker from the format's field, else empty
        voice_end_ms: end of the first of two speakers, if the format
            tells it, else None

    Example:
        >>> Cue(index=0, start_ms=12_000, end_ms=14_500, text="Who are you?").voice_ms
        (12000, 14500)
    """

    index: int
    start_ms: int
    end_ms: int
    text: str
    line: int = 0
    speaker: str = ""
    voice_end_ms: int | None = None

    @property
    def voice_ms(self) -> tuple[int, int]:
        """Start and end of the sound to analyse.

        In a cue of two speakers with a known turn, that is the first speaker's
        part, since the tag precedes the first speaker's words.
        """
        end_ms = self.end_ms if self.voice_end_ms is None else min(self.end_ms, self.voice_end_ms)
        return self.start_ms, end_ms


@dataclass(frozen=True)
class Problem:
    """A problem in the file: its line, from 1, and a message."""

    line: int
    message: str


@dataclass(frozen=True)
class UnreadCue:
    """A cue whose times cannot be read, so that no player shows it.

    Attributes:
        line: line where its times should be, from 1
        text: its lines, joined by newlines, with the format's markup
    """

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: number from 1, first byte, text, size including its ending."""

    number: int
    start: int
    text: str
    size: int = 0

    def byte_at(self, at: int, encoding: Encoding) -> int:
        """The byte offset in the file of the character *at* of this line."""
        if encoding.has_ascii and self.text.isascii():
            return self.start + at
        return self.start + len(encoding.encode(self.text[:at]))


@dataclass(frozen=True, slots=True)
class CueOffsets:
    """Byte offsets of a cue's parts in the file.

    Attributes:
        inline: where to put a tag before the words, after a dash or
            name; None if there are no words
        above: where to put a tag on its own line
        end_time: first byte of its end time and the one after; None if it
            cannot be replaced
        start: the beginning of its text, if what is there matters to a tag
        text: first byte of its text and the one after, for colouring words
        span: from the first byte of its times to the one after its text, if the
            format has a record of its tags
    """

    inline: int | None = None
    above: int | None = None
    end_time: tuple[int, int] | None = None
    start: int | None = None
    span: tuple[int, int] | None = None
    text: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file: the bytes from *start* up to *end* become *text*."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Untagged:
    """A subtitle file without subemo's tags.

    Attributes:
        data: the file as it was before tagging
        removed: number of removed tags
        warnings: what could not be restored
    """

    data: bytes
    removed: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A subtitle file.

    Attributes:
        data: the whole file, byte for byte
        encoding: the encoding of its text
        form: the name of its format
        cues: the parsed cues, in the order of the file
        offsets: offsets of each cue's parts in `data`
        newline: its line ending
        head: byte offset for a note on the whole file, or None
        problems: problems found in the file
        unread: cues that could not be parsed, which are lost in other formats
    """

    data: bytes = field(repr=False)
    encoding: Encoding
    form: str
    cues: tuple[Cue, ...]
    offsets: tuple[CueOffsets, ...] = field(repr=False)
    newline: str = "\n"
    head: int | None = None
    problems: tuple[Problem, ...] = ()
    unread: tuple[UnreadCue, ...] = ()

    @property
    def text(self) -> str:
        """The whole file, decoded, without its mark and a last character that is cut off."""
        body = self.data[len(self.encoding.bom) :]
        return self.encoding.decode(body[: self.encoding.whole(len(body))])

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Applies *edits*, which must not overlap; everything else is unchanged."""
        parts: list[bytes] = []
        written = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            parts += [self.data[written : edit.start], self.encoding.encode(edit.text)]
            written = edit.end
        return b"".join([*parts, self.data[written:]])


_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")
_ENDING = re.compile(r"\r\n|\n|\r")


def lines(data: bytes, encoding: Encoding) -> Iterator[Line]:
    """The lines of a file with any line ending, after its byte order mark."""
    start = len(encoding.bom)
    if encoding.is_wide:
        text = encoding.decode(data[start : start + encoding.whole(len(data) - start)])
        for number, match in enumerate(_LINE.finditer(text), start=1):
            if match[0]:
                size = len(encoding.encode(match[0]))
                yield Line(number, start, match[1], size)
                start += size
        return
    # Each line is decoded separately: in some encodings decoding and encoding
    # a whole file does not give the same bytes, and offsets must be exact.
    for number, raw in enumerate(data[start:].splitlines(keepends=True), start=1):
        yield Line(number, start, encoding.decode(raw.rstrip(b"\r\n")), len(raw))
        start += len(raw)


def endings_of(data: bytes, encoding: Encoding) -> frozenset[str]:
    """The line endings used in a file."""
    if encoding.is_wide:
        text = encoding.decode(data[: encoding.whole(len(data))])
    else:
        text = data.decode("latin-1")
    return frozenset(_ENDING.findall(text))


def newline_of(data: bytes, encoding: Encoding) -> str:
    """The line ending of a file's first line."""
    endings = ("\r\n", "\n", "\r")
    found = {newline: data.find(encoding.encode(newline)) for newline in endings}
    present = [newline for newline in endings if found[newline] >= 0]
    return min(present, key=lambda newline: found[newline], default="\n")


def quoted(text: str) -> str:
    """A line of a file, quoted for a warning."""
    return repr(text.strip() if len(text) < 60 else text.strip()[:57] + "...")


def unknown_tags(count: int) -> tuple[str, ...]:
    """A warning if marked tags have words that subemo does not know."""
    if not count:
        return ()
    noun = "tag is" if count == 1 else "tags are"
    return (
        f"{count} {noun} marked as subemo's but with unknown words, and left in place "
        "(for custom tag words, give their file with `words`)",
    )


def of_no_cue(line: Line) -> Problem:
    """A problem for text that no player shows."""
    return Problem(
        line.number,
        f"{quoted(line.text)} belongs to no cue; it is left unchanged and is lost in other formats",
    )
