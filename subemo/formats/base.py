"""What every caption format is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..subtitles.document import Document, Untagged
from ..subtitles.markup import StyledText
from ..tagging.colours import Palette
from ..tagging.vocabulary import Words
from .splicing import Splicing

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm


class CaptionWriter(Protocol):
    """A format that captions can be written in.

    To add one: write a module beside this one with a class that has these
    members (and those of `CaptionReader`, if it can be read), and name an
    instance of it in `subemo.formats.registry`.
    """

    @property
    def name(self) -> str:
        """What ``--format`` calls it."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The ends of such files' names, with the dot; the first is the one that is written."""
        ...

    @property
    def has_colours(self) -> bool:
        """Whether its tags can have colours."""
        ...

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """The whole file.

        Args:
            annotation: what is shown
            colours: of the tags, if they are asked for
        """
        ...


class BlockWriter(CaptionWriter, Protocol):
    """A format whose files have a block for each cue; the review page exports it, too."""

    @property
    def is_numbered(self) -> bool:
        """Whether each block bears its number, and a blank line stands between them."""
        ...

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """A new file of the annotation's cues, in pieces.

        Returns:
            what stands before the cues, a piece for each of
            `AnnotatedFilm.written`, and perhaps what stands behind them
        """
        ...


class CaptionReader(BlockWriter, Protocol):
    """A format that can be read, too."""

    @property
    def has_record(self) -> bool:
        """Whether its files have no room to tell whose a tag is, so that a record tells."""
        ...

    def parse(self, text: str) -> StyledText:
        """A cue's text without its markup."""
        ...

    def splicing(self, document: Document) -> Splicing:
        """How a file of this format is changed."""
        ...

    def note(self, annotation: AnnotatedFilm, document: Document) -> str:
        """What is put at the head of a file of this format, or nothing."""
        ...

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with *head* is of this format."""
        ...

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """The document in *data*, a whole file.

        Args:
            data: the file
            encoding: the user's word for how it is encoded

        Raises:
            SubtitleError: if nothing in it can be understood
        """
        ...

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Words | None = None
    ) -> Untagged:
        """*data* byte for byte as it was before subemo put tags there.

        Only what subemo could have written is taken out, see
        `subemo.tagging.presets.is_ours`. Of a format without room to tell
        whose a tag is (see `subemo.formats.RECORDED`) nothing can be taken
        out here.

        Args:
            data: a whole file
            encoding: the user's word for how it is encoded
            words: the user's own words for the emotions, if the tags are in those
        """
        ...
