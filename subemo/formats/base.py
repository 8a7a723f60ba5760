"""What every caption format is: one class, which carries all that it can do.

To add a format: write a module beside this one with a subclass of
`CaptionWriter`, `BlockWriter` or `CaptionReader` (`RecordedReader`, if its
files have no room to tell whose a tag is), whose ``FORMAT`` is an instance of
it, and name that module in `subemo.formats.registry`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..subtitles.collecting import CueCollector
from ..subtitles.document import Document, Line, Untagged, lines
from ..subtitles.encoding import ARROW, Encoding, detect
from ..subtitles.markup import StyledText
from ..tagging.colours import Palette
from ..tagging.vocabulary import Vocabulary
from .splicing import Splicing, spliced

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm

#: When a cue appears and goes, in milliseconds, and its text without markup.
PlainCue = tuple[int, int, str]


@dataclass(frozen=True)
class TrackCodec:
    """A codec of text tracks in films.

    Attributes:
        name: ffmpeg's
        films: the kinds of film that carry it, by ffmpeg's names of their muxers
        as_file: the codec in which ffmpeg writes such a track as a file; ``copy`` for the same
    """

    name: str
    films: tuple[str, ...]
    as_file: str = "copy"


class CaptionWriter(ABC):
    """A format that captions can be written in.

    Attributes:
        name: what ``--format`` calls it
        suffixes: the ends of such files' names, with the dot; the first is the one that is written
        has_colours: whether its tags can have colours
        has_styles: whether its files hold an author's own styles, with which a film carries or
            shows them
        is_data: whether it tells what was found of each cue, which is of use without captions, too
        tracks: the codec as which a film carries it, by ffmpeg's name of the kind of film
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    has_colours: ClassVar[bool] = False
    has_styles: ClassVar[bool] = False
    is_data: ClassVar[bool] = False
    tracks: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """The whole file.

        Args:
            annotation: what is shown
            colours: of the tags, if they are asked for
        """

    @abstractmethod
    def cues_in(self, data: bytes) -> Iterable[PlainCue]:
        """What stands in a file that `write` made."""


class BlockWriter(CaptionWriter):
    """A format whose files have a block for each cue; the review page exports it, too.

    Attributes:
        is_numbered: whether each block bears its number, and a blank line stands between them
    """

    is_numbered: ClassVar[bool] = False

    @abstractmethod
    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """A new file of the annotation's cues, in pieces.

        Returns:
            what stands before the cues, a piece for each of
            `AnnotatedFilm.written`, and perhaps what stands behind them
        """

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `CaptionWriter.write`."""
        head, *blocks = self.blocks(annotation, colours=colours)
        return b"\n".join(blocks) if self.is_numbered else b"".join([head, *blocks])


@dataclass(frozen=True)
class Reading:
    """How ffmpeg reads a file of a format.

    Attributes:
        demuxer: ffmpeg's name of what reads it
        text: what that gets
        has_overrides: whether a brace in it opens an override of Advanced SubStation; else it
            is text
        restored: what `text` had in the file for what was exchanged, so that ffmpeg shows it
    """

    demuxer: str
    text: str
    has_overrides: bool = False
    restored: Callable[[str], str] = str


class CaptionReader(BlockWriter):
    """A format that can be read, too.

    Attributes:
        expected: what such a file should hold, for a user whose file holds no cues
        cue_line: the line of a cue's times, by which a file without a header of its own is known
        sign: what stands in every such file, whatever its encoding
        resolution_ms: the smallest step of its times
        muxer: ffmpeg's name of the muxer that writes its files, where it has one
        codecs: those of text tracks that ffmpeg can write as such files
    """

    expected: ClassVar[str]
    cue_line: ClassVar[re.Pattern[str] | None] = None
    sign: ClassVar[re.Pattern[str]] = ARROW
    resolution_ms: ClassVar[int] = 1
    muxer: ClassVar[str] = ""
    codecs: ClassVar[tuple[TrackCodec, ...]] = ()

    @abstractmethod
    def parse(self, text: str) -> StyledText:
        """A cue's text without its markup."""

    @abstractmethod
    def splicing(self, document: Document) -> Splicing:
        """How a file of this format is changed."""

    @abstractmethod
    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """The cues in the lines of a file."""

    @abstractmethod
    def readings(self, text: str) -> list[Reading]:
        """How players read a whole file: by ffmpeg, the most lenient way first."""

    def read_leniently(self, text: str) -> list[PlainCue] | None:
        """What a reader sees that steps over what ffmpeg stops at.

        Returns:
            None where it sees nothing

        Raises:
            NotImplementedError: if there is no such reader of the format
        """
        raise NotImplementedError

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with *head* has this format's header."""
        return False

    def note(
        self, annotation: AnnotatedFilm, document: Document, *, colours: Palette | None = None
    ) -> str:
        """What is put at the head of a file of this format, or nothing."""
        return ""

    def head(self, text: Sequence[Line], data: bytes, encoding: Encoding) -> int | None:
        """Where in a file a note on the whole of it can go, in bytes."""
        return None

    def encoding_of(self, data: bytes, *, named: str | None = None) -> Encoding:
        """How a file of this format is encoded, see `subemo.subtitles.encoding.detect`."""
        return detect(data, named=named, sign=self.sign)

    def rounded_ms(self, milliseconds: int) -> int:
        """A time as a new file of this format has it."""
        step = self.resolution_ms
        return (milliseconds + step // 2) // step * step

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """The document in *data*, a whole file.

        Args:
            data: the file
            encoding: the user's word for how it is encoded

        Raises:
            SubtitleError: if nothing in it can be understood
        """
        encoded = self.encoding_of(data, named=encoding)
        text = list(lines(data, encoded))
        found = self.find(text, encoded)
        head = self.head(text, data, encoded)
        return found.document(data, encoded, self.name, expected=self.expected, head=head)

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> Untagged:
        """*data* byte for byte as it was before subemo put tags there.

        Only what subemo could have written is taken out, see
        `subemo.tagging.presets.is_ours`. Of a format without room to tell
        whose a tag is (see `RecordedReader`) nothing can be taken out here.

        Args:
            data: a whole file
            encoding: the user's word for how it is encoded
            words: the user's own words for the emotions, if the tags are in those
        """
        return Untagged(data, 0)

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `CaptionWriter.write`; into a file of this format the tags alone are written."""
        document = annotation.document
        if document is None or document.form != self.name:
            return super().write(annotation, colours=colours)
        note = self.note(annotation, document, colours=colours)
        return spliced(annotation, document, self.splicing(document), colours=colours, note=note)

    def cues_in(self, data: bytes) -> Iterator[PlainCue]:
        """See `CaptionWriter.cues_in`."""
        for cue in self.read(data).cues:
            yield cue.start_ms, cue.end_ms, self.parse(cue.text).plain


class RecordedReader(CaptionReader):
    """A format whose files have no room to tell whose a tag is; a record beside them tells.

    Attributes:
        separators: what can part a tag from the words, see `subemo.formats.record`
    """

    separators: ClassVar[tuple[str, ...]] = ("\r\n", "\n", "\r", " ")

    @abstractmethod
    def places(self, body: str) -> Collection[int]:
        """Where in a cue's text, in characters, subemo would put a tag."""

    @abstractmethod
    def parse_time(self, text: str) -> int | None:
        """The milliseconds of a time as it stands in a file, or None."""
