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

from ..core.errors import OutputError
from ..subtitles.collecting import CueCollector
from ..subtitles.document import CueOffsets, Document, Edit, Line, Untagged, lines
from ..subtitles.encoding import ARROW, UTF_8, Encoding, detect
from ..subtitles.markup import StyledText
from ..tagging.colours import Palette
from ..tagging.vocabulary import Vocabulary
from .splicing import InsertionPoint, Splicing, WrittenTag

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
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
    def serialise(self, styled_text: StyledText) -> str:
        """Writes a cue's text; words that look like markup are escaped."""

    @abstractmethod
    def place(self, text: str) -> tuple[int, int] | None:
        """The characters of a cue's text before which a tag goes; None if no words are visible.

        Returns:
            where it goes on a line of its own, and where before the words, after a dash or name
        """

    def new_place(self, text: str) -> tuple[int, int] | None:
        """Like `place`, in a text as `serialise` writes it."""
        return self.place(text)

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

    def offsets(
        self,
        times: Line,
        body: Sequence[Line],
        encoding: Encoding,
        *,
        end: tuple[int, int] | None,
        first: int = 0,
        last: Line | None = None,
    ) -> CueOffsets:
        """The byte offsets of a cue's parts.

        Args:
            times: the line of its times
            body: the lines of its text
            encoding: of the file
            end: the characters of its end time in that line; None if it cannot be replaced
            first: the character of the first line at which its text begins
            last: the last line that belongs to it; None for the last of its text
        """

        def byte(at: int) -> int:
            for line in body[:-1]:
                if at <= len(line.text):
                    return line.byte_at(at, encoding)
                at -= len(line.text) + 1
            return body[-1].byte_at(at, encoding)

        text = "\n".join(line.text for line in body)
        above, inline = self.place(text[first:]) or (None, None)
        bottom = last or (body[-1] if body else times)
        return CueOffsets(
            inline=None if inline is None else byte(first + inline),
            above=None if above is None else byte(first + above),
            end_time=end and (times.byte_at(end[0], encoding), times.byte_at(end[1], encoding)),
            start=byte(first) if body else None,
            span=(times.start, bottom.byte_at(len(bottom.text), encoding)),
            text=(byte(first), byte(len(text))) if body else None,
        )

    def tag(
        self, cue: AnnotatedCue, document: Document | None, *, colours: Palette | None = None
    ) -> WrittenTag | None:
        """A cue's tag as it is written into a file, or None where that has no place for it.

        Args:
            cue: a tagged cue
            document: the file; None for a new one
            colours: colours of the tags
        """
        is_above, old_end = cue.decision.is_above, None
        splicing = self.splicing(document or Document(b"", UTF_8, self.name, (), ()))
        if document is None:
            text = self.serialise(cue.styled_text)
            at = (self.new_place(text) or (0, 0))[0 if is_above else 1]
            before, old_end = text[:at], splicing.format_time(cue.end_ms)
        else:
            offsets = document.offsets[cue.index]
            place = offsets.above if is_above else offsets.inline
            if place is None:
                return None
            at, decode = place, document.encoding.decode
            before = decode(document.data[offsets.start : at])
            if offsets.end_time is not None:
                old_end = decode(document.data[slice(*offsets.end_time)])
        return WrittenTag.of(cue, at, before, splicing, old_end=old_end, colours=colours)

    def tagged_text(self, cue: AnnotatedCue, colours: Palette | None = None) -> str:
        """A cue's text with its tag, for a new file."""
        text = self.serialise(cue.styled_text)
        tag = self.tag(cue, None, colours=colours) if cue.decision.tag is not None else None
        if tag is None:
            return text
        opening, closing = tag.words
        return f"{opening}{text[: tag.at]}{tag.text}{tag.separator}{text[tag.at :]}{closing}"

    def tag_edits(
        self, annotation: AnnotatedFilm, document: Document, *, colours: Palette | None = None
    ) -> Iterator[tuple[int, Edit]]:
        """The edits that put tags and end times into a file, with the index of the cue."""
        splicing = self.splicing(document)
        for cue in annotation.tagged:
            tag, offsets = self.tag(cue, document, colours=colours), document.offsets[cue.index]
            if tag is None:
                continue
            if tag.old_end is not None and offsets.end_time and cue.decision.end_ms is not None:
                time = splicing.format_time(cue.decision.end_ms)
                yield cue.index, Edit(*offsets.end_time, time)
            opening, closing = tag.words
            if opening and offsets.text:
                yield cue.index, Edit(offsets.text[0], offsets.text[0], opening)
                yield cue.index, Edit(offsets.text[1], offsets.text[1], closing)
            yield cue.index, Edit(tag.at, tag.at, tag.text + tag.separator)

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `CaptionWriter.write`; a file of this format only gets tags inserted.

        Raises:
            OutputError: if the file's encoding cannot represent a tag
        """
        document = annotation.document
        if document is None or document.form != self.name:
            return super().write(annotation, colours=colours)
        edits = [edit for _, edit in self.tag_edits(annotation, document, colours=colours)]
        if edits and document.head is not None:
            note = self.note(annotation, document, colours=colours)
            edits.append(Edit(document.head, document.head, note))
        try:
            return document.edited(edits)
        except UnicodeEncodeError as error:
            name = document.encoding.name
            guess = f"{name} is a guess: name the encoding with `encoding`. Or convert"
            raise OutputError(
                f"the tag {error.object.strip()!r} cannot be written in {name}",
                path=annotation.subtitles,
                remedy=f"{guess if document.encoding.is_guess else 'Convert'} "
                "the subtitles to UTF-8 first, or choose another `language` or `preset`.",
            ) from error

    def cues_in(self, data: bytes) -> Iterator[PlainCue]:
        """See `CaptionWriter.cues_in`."""
        for cue in self.read(data).cues:
            yield cue.start_ms, cue.end_ms, self.parse(cue.text).plain


class RecordedReader(CaptionReader):
    """A format that cannot mark tags, and so has a record beside its files.

    Attributes:
        after_block: what follows each cue of a new file
    """

    after_block: ClassVar[bytes] = b""

    def places(self, body: str) -> Collection[int]:
        """The characters of a cue's text before which subemo may have put a tag."""
        return self.place(body) or ()

    @abstractmethod
    def parse_time(self, text: str) -> int | None:
        """The milliseconds of a time in a file, or None."""

    @abstractmethod
    def block(self, number: int, times: tuple[int, int], text: str, newline: str = "\n") -> str:
        """Writes a cue.

        Args:
            number: its number, where the format has numbers
            times: start and end, in milliseconds
            text: its text, as the format has it
            newline: the line ending
        """

    def sound_block(self, cue: SoundCue, point: InsertionPoint) -> str:
        """See `CaptionReader.sound_block`; its times are never rounded towards other cues."""
        newline, step = point.document.newline, self.resolution_ms
        times = -(-cue.start_ms // step) * step, cue.end_ms // step * step
        block = self.block(point.number, times, cue.text, newline)
        if self.is_line_a_cue:
            return newline + block.removesuffix(newline) if point.is_behind_open_line else block
        return newline * point.missing_endings + block + ("" if point.is_last else newline)

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `BlockWriter.blocks`."""
        return [b""] + [
            self.block(n, (cue.start_ms, cue.shown_end_ms), self.tagged_text(cue)).encode()
            + self.after_block
            for n, cue in enumerate(annotation.written, start=1)
        ]
