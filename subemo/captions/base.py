"""What every caption format is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .document import Document

if TYPE_CHECKING:
    from ..annotation import Annotation


class CaptionWriter(Protocol):
    """A format that captions can be written in.

    To add one: write a module beside this one with a class that has these
    members (and `CaptionReader.read`, if it can be read), and name an
    instance of it in `subemo.captions.FORMATS`.
    """

    @property
    def name(self) -> str:
        """What ``--format`` calls it."""
        ...

    @property
    def suffix(self) -> str:
        """The end of a file's name, with the dot."""
        ...

    def write(self, annotation: Annotation) -> bytes:
        """The whole file."""
        ...


class CaptionReader(CaptionWriter, Protocol):
    """A format that can be read, too."""

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """The document in *data*, a whole file.

        Args:
            data: the file
            encoding: the user's word for how it is encoded

        Raises:
            SubtitleError: if nothing in it can be understood
        """
        ...
