"""Captions ready to be checked and written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..formats.registry import FORMATS
from ..subtitles.document import Document
from ..tagging.decisions import Decision, Reason
from .record import Record

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm


@dataclass(frozen=True)
class Captions:
    """Captions as they will be written.

    Attributes:
        annotation: the film with the tags in the captions
        form: the name of their format
        data: the whole file
        record: the record of inserted tags, if the format has one
        document: in that case the file, parsed again
    """

    annotation: AnnotatedFilm
    form: str
    data: bytes
    record: Record | None = None
    document: Document | None = None

    @cached_property
    def plain(self) -> bytes:
        """A new file of the same cues, those with words, without tags."""
        bare = Decision(None, Reason.TAGGED)
        cues = (
            replace(cue, decision=bare) for cue in self.annotation.cues if cue.styled_text.has_words
        )
        bare_film = replace(self.annotation, document=None, cues=tuple(cues))
        return FORMATS[self.form].write(bare_film)

    @property
    def source(self) -> Document | None:
        """The file that the tags were spliced into; None for a new file."""
        document = self.annotation.document
        return document if document is not None and document.form == self.form else None
