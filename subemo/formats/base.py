"""The interface of caption formats: one class per format.

To add a format: write a module beside this one with a subclass of
`CaptionWriter`, `BlockWriter` or `CaptionReader` (`RecordedReader`, if its
files cannot mark tags), with a ``FORMAT`` that is an instance of
it, and add the module to `subemo.formats.registry`.
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
from .splicing import InsertionPoint, Splicing, spliced

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm
    from ..tagging.sounds import SoundCue

#: Start and end of a cue in milliseconds, and its text without markup.
PlainCue = tuple[int, int, str]


@dataclass(frozen=True)
class TrackCodec:
    """A codec of text tracks in films.

    Attributes:
        name: ffmpeg's name
        films: the containers that support it, by ffmpeg's names of their muxers
        as_file: the codec in which ffmpeg writes such a track as a file; ``copy`` for the same
    """

    name: str
    films: tuple[str, ...]
    as_file: str = "copy"


class CaptionWriter(ABC):
    """An output format of captions.

    Attributes:
        name: its name in ``--format``
        suffixes: suffixes of its files, with the dot; the first is used for output
        has_colours: whether its tags can have colours
        has_styles: whether its files may have an author's styles, which players
            show
        is_data: whether it is a data format, useful even without captions
        tracks: its codec in films, by ffmpeg's name of the container
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    has_colours: ClassVar[bool] = False
    has_styles: ClassVar[bool] = False
    is_data: ClassVar[bool] = False
    tracks: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """Writes the whole file.

        Args:
            annotation: the annotated film
            colours: colours of the tags, or None
        """

    @abstractmethod
    def cues_in(self, data: bytes) -> Iterable[PlainCue]:
        """Reads the cues of a file made by `write`."""


class BlockWriter(CaptionWriter):
    """A format with one block per cue, which review pages can export.

    Attributes:
        is_numbered: whether blocks are numbered and separated by blank lines
    """

    is_numbered: ClassVar[bool] = False

    @abstractmethod
    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """Writes a new file of the annotation's cues, in pieces.

        Returns:
            the part before the cues, a piece for each of
            `AnnotatedFilm.written`, and possibly a part after them
        """

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `CaptionWriter.write`."""
        head, *blocks = self.blocks(annotation, colours=colours)
        return b"\n".join(blocks) if self.is_numbered else b"".join([head, *blocks])


@dataclass(frozen=True)
class Reading:
    """How ffmpeg reads a file of a format.

    Attributes:
        demuxer: ffmpeg's name of the demuxer
        text: the input of the demuxer
        has_overrides: whether a brace begins an override of Advanced SubStation
            instead of being text
        restored: the original characters for those replaced in `text`
        shows_blanks: whether a cue without text is one; in some formats it ends the one before
    """

    demuxer: str
    text: str
    has_overrides: bool = False
    restored: Callable[[str], str] = str
    shows_blanks: bool = True


class CaptionReader(BlockWriter):
    """A format that can also be read.

    Attributes:
        expected: the expected kind of file, for the error if there are no cues
        cue_line: the pattern of a line of times, which identifies files without a header
        sign: a pattern found in every such file, in any encoding
        resolution_ms: the smallest step of its times
        muxer: ffmpeg's name of the muxer that writes its files, where it has one
        codecs: those of text tracks that ffmpeg can write as such files
        is_line_a_cue: whether a cue is one line of the file
        cue_head: a line above that of a cue's times which belongs to the cue
    """

    expected: ClassVar[str]
    cue_line: ClassVar[re.Pattern[str] | None] = None
    sign: ClassVar[re.Pattern[str]] = ARROW
    resolution_ms: ClassVar[int] = 1
    muxer: ClassVar[str] = ""
    codecs: ClassVar[tuple[TrackCodec, ...]] = ()
    is_line_a_cue: ClassVar[bool] = False
    cue_head: ClassVar[re.Pattern[str] | None] = None

    @abstractmethod
    def parse(self, text: str) -> StyledText:
        """Parses a cue's text."""

    @abstractmethod
    def splicing(self, document: Document) -> Splicing:
        """How files of this format are edited."""

    @abstractmethod
    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """Finds the cues in the lines of a file."""

    @abstractmethod
    def readings(self, text: str) -> list[Reading]:
        """How players based on ffmpeg read a file, the most lenient way first."""

    def read_leniently(self, text: str) -> list[PlainCue] | None:
        """Reads a file with a reader that skips malformed parts at which ffmpeg stops.

        Returns:
            the cues, or None if there are none

        Raises:
            NotImplementedError: if the format has no such reader
        """
        raise NotImplementedError

    @abstractmethod
    def sound_block(self, cue: SoundCue, point: InsertionPoint) -> str:
        """A cue of subemo's own, with the line endings that part it from its neighbours.

        Args:
            cue: what is shown
            point: where it goes
        """

    def without_sound_cues(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> tuple[bytes, int]:
        """*data* without the cues that are marked as subemo's own, and how many those are.

        Args:
            data: a whole file
            encoding: the user's word for how it is encoded
            words: the user's own words for the emotions, if the tags are in those
        """
        return data, 0

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with *head* has this format's header."""
        return False

    def note(
        self, annotation: AnnotatedFilm, document: Document, *, colours: Palette | None = None
    ) -> str:
        """The note for the head of a file of this format, or empty."""
        return ""

    def head(self, text: Sequence[Line], data: bytes, encoding: Encoding) -> int | None:
        """The byte offset for a note on the whole file, or None."""
        return None

    def encoding_of(self, data: bytes, *, named: str | None = None) -> Encoding:
        """Detects the encoding of a file of this format, see `subemo.subtitles.encoding.detect`."""
        return detect(data, named=named, sign=self.sign)

    def rounded_ms(self, milliseconds: int) -> int:
        """Rounds a time to this format's resolution."""
        step = self.resolution_ms
        return (milliseconds + step // 2) // step * step

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """Parses a whole file.

        Args:
            data: the file
            encoding: its encoding; None to detect it

        Raises:
            SubtitleError: if the file cannot be parsed
        """
        encoded = self.encoding_of(data, named=encoding)
        text = list(lines(data, encoded))
        found = self.find(text, encoded)
        head = self.head(text, data, encoded)
        return found.document(data, encoded, self.name, expected=self.expected, head=head)

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> Untagged:
        """Removes subemo's tags from *data*, restoring the original bytes.

        Only what subemo could have written is removed, see
        `subemo.tagging.presets.is_ours`. From a format that cannot mark tags
        (see `RecordedReader`) nothing can be removed here.

        Args:
            data: a whole file
            encoding: its encoding; None to detect it
            words: custom tag words, or None
        """
        return Untagged(data, 0)

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `CaptionWriter.write`; a file of this format only gets tags inserted."""
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
    """A format that cannot mark tags, and so has a record beside its files.

    Attributes:
        separators: possible separators between a tag and the words, see `subemo.captions.record`
    """

    separators: ClassVar[tuple[str, ...]] = ("\r\n", "\n", "\r", " ")

    @abstractmethod
    def places(self, body: str) -> Collection[int]:
        """The positions in a cue's text, in characters, where subemo may put a tag."""

    @abstractmethod
    def parse_time(self, text: str) -> int | None:
        """The milliseconds of a time in a file, or None."""
