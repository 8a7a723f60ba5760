"""How tags are written: into a file's bytes, or into the cues of a new file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.sounds import Tag
from ..subtitles.dialogue import read_speech
from ..subtitles.document import Document, Line
from ..subtitles.encoding import Encoding
from ..tagging.colours import Palette

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue

_ENDING = re.compile(r"\r\n|\n|\r")
_ENDINGS = re.compile(r"(?:\r\n|\n|\r)*\Z")


@dataclass(frozen=True)
class InsertionPoint:
    """Where a cue of subemo's own goes in a file.

    Attributes:
        number: that it bears, where the format has numbers
        document: the file
        times: the line of times of the cue before which it goes, or of the file's last
        is_last: whether it goes behind all cues of the file
        is_first_at_end: whether no other of subemo's does before it
    """

    number: int
    document: Document
    times: Line
    is_last: bool
    is_first_at_end: bool

    @property
    def missing_endings(self) -> int:
        """How many line endings a block behind all others needs before it, where blocks are parted."""
        if not self.is_last:
            return 0
        if not self.is_first_at_end:
            return 1
        ends = _ENDINGS.search(self.document.text)
        return max(0, 2 - len(_ENDING.findall(ends[0] if ends else "")))

    @property
    def is_behind_open_line(self) -> bool:
        """Whether it goes behind the file's last line, and that has no ending."""
        line, encoding = self.times, self.document.encoding
        return self.is_last and line.start + line.size == line.byte_at(len(line.text), encoding)


@dataclass(frozen=True)
class Mark:
    """A tag to write.

    Attributes:
        text: the displayed text
        emotion: its content: an emotion, a sound or a vocal effort
        is_above: whether it is on its own line
        old_end: the cue's end time in the file, if it is changed
        before: the text before the tag in the cue
        is_intense: whether its emotion is strong
    """

    text: str
    emotion: Tag
    is_above: bool = False
    old_end: str | None = None
    before: str = ""
    is_intense: bool = False


#: How a format writes a tag, from its mark and colours.
Wrap = Callable[[Mark, Palette | None], str]
#: How a format colours the words of a tagged cue: text put before and after it.
WrapWords = Callable[[Mark], tuple[str, str]]


@dataclass(frozen=True)
class Splicing:
    """How files of a format are edited.

    Attributes:
        wrap: writes a tag
        format_time: writes a changed end time
        newline: the line break within a cue
        wrap_words: colours a whole text, if tags cannot: returns what to put before and
            after it
    """

    wrap: Wrap
    format_time: Callable[[int], str]
    newline: str
    wrap_words: WrapWords | None = None


@dataclass(frozen=True)
class WrittenTag:
    """A tag as it is written at its place.

    Attributes:
        at: the place: a byte of the file, or a character in the text of a new file's cue
        text: the tag, with the format's markup
        separator: what parts it from the words
        old_end: the cue's end time as written without the tag, if it is changed
        words: what colours the words, before and after them
    """

    at: int
    text: str
    separator: str
    old_end: str | None
    words: tuple[str, str]

    @classmethod
    def of(
        cls,
        cue: AnnotatedCue,
        at: int,
        before: str,
        splicing: Splicing,
        *,
        old_end: str | None = None,
        colours: Palette | None = None,
    ) -> WrittenTag:
        """The tag of a cue; see the attributes, and those of `Mark`."""
        decision, has_words = cue.decision, cue.styled_text.has_words
        assert decision.tag is not None
        if decision.end_ms is None or splicing.format_time(decision.end_ms) == old_end:
            old_end = None  # not extended, or by less than the format's resolution
        is_above = decision.is_above and has_words
        is_intense = decision.is_intense and has_words
        mark = Mark(decision.text, decision.tag, is_above, old_end, before, is_intense)
        own = colours_in(cue, colours)
        separator = (splicing.newline if is_above else " ") if has_words else ""
        words = ("", "")
        if has_words and own is not None and own.of_words and splicing.wrap_words is not None:
            words = splicing.wrap_words(mark)
        return cls(at, splicing.wrap(mark, own), separator, old_end, words)


def colours_in(cue: AnnotatedCue, colours: Palette | None) -> Palette | None:
    """The colours in a cue; none for two speakers, since only one was classified."""
    if colours is None or not colours.of_words:
        return colours
    has_one = len(read_speech(cue.styled_text, cue.speaker).speakers) == 1
    return colours if has_one else replace(colours, of_words=False)


def rewritten(
    data: bytes, encoding: Encoding, change: Callable[[str, Callable[[str], str]], str]
) -> bytes:
    """Applies *change* to the text of *data*.

    Files of single-byte characters are processed byte by byte, since decoding
    and encoding is not lossless in every encoding: *change* gets one
    character per byte, and a function that decodes
    parts of it.
    """
    head, body = data[: len(encoding.bom)], data[len(encoding.bom) :]
    if not encoding.is_wide:
        text = change(body.decode("latin-1"), lambda part: encoding.decode(part.encode("latin-1")))
        return head + text.encode("latin-1")
    whole = encoding.whole(len(body))
    text = change(encoding.decode(body[:whole]), lambda part: part)
    return head + encoding.encode(text) + body[whole:]
