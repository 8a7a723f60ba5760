"""A subtitle file as the bytes that it is, and the cues that were understood in it.

Subtitle libraries read a file into objects and write objects into a new file;
what they did not understand is gone. Here a library says what the cues are,
and writing splices tags into the original bytes, so that everything else
stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .encoding import Encoding


@dataclass(frozen=True)
class Cue:
    """One subtitle.

    Attributes:
        index: its position in the file, from 0
        start_ms: when it appears
        end_ms: when it goes; a broken file may say before `start_ms`
        text: its lines, joined by newlines, with the format's markup in it
        line: where its times stand in the file, from 1; 0 if it is from no file
        speaker: who says it, where the format has a field for that, else nothing
        voice_end_ms: until when the first of two speakers speaks, where the
            format tells, else None

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
        """From when to when its voice is analysed.

        Of a cue of two speakers whose turn is known that is the first one's
        stretch, since a tag stands before the first one's words.
        """
        end_ms = self.end_ms if self.voice_end_ms is None else min(self.end_ms, self.voice_end_ms)
        return self.start_ms, end_ms


@dataclass(frozen=True)
class Problem:
    """Something in the file that was worked around: the line, from 1, and what."""

    line: int
    message: str


@dataclass(frozen=True)
class UnreadCue:
    """A cue that no player shows by itself, since its times cannot be read.

    Attributes:
        line: where they should stand, from 1
        text: its lines, joined by newlines, with the format's markup in it
    """

    line: int
    text: str


@dataclass(frozen=True)
class Line:
    """One line of the file: its number from 1, its first byte, its text, its size with ending."""

    number: int
    start: int
    text: str
    size: int = 0

    def byte_at(self, at: int, encoding: Encoding) -> int:
        """The byte of the file at which the character *at* of this line begins."""
        if encoding.has_ascii and self.text.isascii():
            return self.start + at
        return self.start + len(encoding.encode(self.text[:at]))


@dataclass(frozen=True)
class CueOffsets:
    """Where a cue's parts stand in the file, counted in bytes.

    Attributes:
        inline: where a tag in front of the words goes, behind a dash and a
            name; None where there are no words to stand in front of
        above: where a tag on a line of its own goes
        end_time: first byte of the time at which it goes, and the one behind
            it; None where it cannot be replaced
        start: where its text begins, if what stands there matters to a tag
        text: from the first byte of its text to the one behind it, where what colours words goes
        span: from the first byte of its times to the one behind its text, where the
            format has a record of its tags
    """

    inline: int | None = None
    above: int | None = None
    end_time: tuple[int, int] | None = None
    start: int | None = None
    span: tuple[int, int] | None = None
    text: tuple[int, int] | None = None


@dataclass(frozen=True)
class Edit:
    """A change of a file: the bytes from *start* to before *end* become *text*."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Untagged:
    """A subtitle file without subemo's tags.

    Attributes:
        data: the file as it was before they were put in
        removed: how many tags were taken out
        warnings: what is not as it was
    """

    data: bytes
    removed: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A subtitle file.

    Attributes:
        data: the whole file, byte for byte
        encoding: how its text is encoded
        form: the name of its format
        cues: what was understood, in the order of the file
        offsets: where each cue's parts stand in `data`
        newline: the line ending that it uses
        head: where a note on the whole file can go, in bytes, or None
        problems: what was worked around
        unread: the cues that were not understood, which other formats cannot have
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

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with *edits* in it, which must not overlap; all else is unchanged."""
        parts: list[bytes] = []
        written = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            parts += [self.data[written : edit.start], self.encoding.encode(edit.text)]
            written = edit.end
        return b"".join([*parts, self.data[written:]])


_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")
_ENDING = re.compile(r"\r\n|\n|\r")


def lines(data: bytes, encoding: Encoding) -> Iterator[Line]:
    """The lines of a file, whichever line ending it uses, after its byte order mark."""
    start = len(encoding.bom)
    if encoding.is_wide:
        text = encoding.decode(data[start : start + encoding.whole(len(data) - start)])
        for number, match in enumerate(_LINE.finditer(text), start=1):
            if match[0]:
                size = len(encoding.encode(match[0]))
                yield Line(number, start, match[1], size)
                start += size
        return
    # Each line is decoded by itself: in some encodings decoding and encoding
    # the whole does not give the same bytes again, and offsets must be exact.
    for number, raw in enumerate(data[start:].splitlines(keepends=True), start=1):
        yield Line(number, start, encoding.decode(raw.rstrip(b"\r\n")), len(raw))
        start += len(raw)


def endings_of(data: bytes, encoding: Encoding) -> frozenset[str]:
    """The line endings that a file uses."""
    if encoding.is_wide:
        text = encoding.decode(data[: encoding.whole(len(data))])
    else:
        text = data.decode("latin-1")
    return frozenset(_ENDING.findall(text))


def newline_of(data: bytes, encoding: Encoding) -> str:
    """The line ending of a file: that of its first line."""
    endings = ("\r\n", "\n", "\r")
    found = {newline: data.find(encoding.encode(newline)) for newline in endings}
    present = [newline for newline in endings if found[newline] >= 0]
    return min(present, key=lambda newline: found[newline], default="\n")


def quoted(text: str) -> str:
    """A line of a file as a warning shows it."""
    return repr(text.strip() if len(text) < 60 else text.strip()[:57] + "...")


def unknown_tags(count: int) -> tuple[str, ...]:
    """The warning about marked tags in words that subemo does not know, if there are any."""
    if not count:
        return ()
    noun = "tag is" if count == 1 else "tags are"
    return (
        f"{count} {noun} marked as subemo's but in words that it does not write, and left in place "
        "(if they are your own words, name their file with --words)",
    )


def unreadable_times(line: Line) -> Problem:
    """Of a line that should hold times and does not."""
    return Problem(
        line.number,
        f"no times can be read in {quoted(line.text)}; the cue stays as it is, and only in this format",
    )


def damaged_times(line: Line, start_ms: int, end_ms: int) -> Problem:
    """Of a line whose times were read in spite of its damage."""
    return Problem(
        line.number,
        f"{quoted(line.text)} is damaged; read as {start_ms / 1000:.3f} to {end_ms / 1000:.3f} s, "
        "and left as it is in this format, without a tag",
    )


def of_no_cue(line: Line) -> Problem:
    """Of text that no player shows."""
    return Problem(
        line.number,
        f"{quoted(line.text)} belongs to no cue; it stays as it is, and only in this format",
    )


def ends_before_start(line: Line) -> Problem:
    """Of a cue whose times are the wrong way round."""
    return Problem(line.number, "this cue ends before it starts")
