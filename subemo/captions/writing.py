"""Writes captions and the record of their tags as a unit.

Whenever a run is stopped, the files on disk can be stripped: the first record
written covers both the old captions and the new
ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import OutputError, RecordError
from ..core.files import check_writable, folder_lock, place, prepared, write_atomically
from ..formats.registry import FORMATS, RECORDED
from ..subtitles.document import Document
from ..subtitles.encoding import UTF_8
from ..tagging.decisions import Decision, Reason
from .record import Record, read_record, record_path

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

    @property
    def bare_film(self) -> AnnotatedFilm:
        """The cues of a new file, without their tags."""
        bare = Decision(None, Reason.TAGGED)
        cues = tuple(replace(cue, decision=bare) for cue in self.annotation.written)
        # A film with a document of any other format writes cues without words, too.
        return replace(self.annotation, document=Document(b"", UTF_8, "", (), ()), cues=cues)

    @cached_property
    def bare(self) -> bytes:
        """The file without tags: the input, or a new file."""
        if self.source is not None:
            return self.source.data
        return FORMATS[self.form].write(self.bare_film)

    @property
    def source(self) -> Document | None:
        """The file that the tags were spliced into; None for a new file."""
        document = self.annotation.document
        return document if document is not None and document.form == self.form else None


def outputs_of(path: Path, form: str) -> tuple[Path, ...]:
    """Every file written for captions of a format at *path*."""
    return (path, record_path(path)) if form in RECORDED else (path,)


def check_captions_writable(
    path: Path, form: str, *, inputs: Sequence[Path] = (), overwrite: bool = False
) -> None:
    """Checks that captions may be written, before any work is done.

    A record without its captions was left by a stopped run and may be
    replaced.

    Args:
        path: the output file
        form: the name of their format
        inputs: files that must never be overwritten
        overwrite: whether other existing files may be replaced

    Raises:
        OutputError: see `subemo.core.files.check_writable`
    """
    for target in outputs_of(path, form):
        is_left = target != path and not path.exists() and _record(target) is not None
        check_writable(target, inputs=inputs, overwrite=overwrite or is_left)


def contents(captions: Captions, path: Path) -> Mapping[Path, bytes]:
    """The final content of each file, by path."""
    if captions.record is None:
        return {path: captions.data}
    return {
        record_path(path): captions.record.to_bytes(captions.annotation.provenance),
        path: captions.data,
    }


def write_captions(captions: Captions, path: Path, *, overwrite: bool = False) -> None:
    """Writes captions, and their record if the format has one: both or neither.

    Args:
        captions: the result of `subemo.proof.proving.prove`
        path: the output file; its folder must exist
        overwrite: whether existing files may be replaced

    Raises:
        OutputError: if a file exists and must not be replaced, or cannot be written
    """
    if captions.record is None:
        write_atomically(path, captions.data, overwrite=overwrite)
        return
    beside = record_path(path)
    with folder_lock(path.parent):
        check_captions_writable(path, captions.form, overwrite=overwrite)
        before = _read(beside) if beside.exists() else None
        both = replace(captions.record, earlier=_record(beside))
        provenance = captions.annotation.provenance
        with (
            prepared(beside, both.to_bytes(provenance)) as first,
            prepared(path, captions.data) as second,
            prepared(beside, captions.record.to_bytes(provenance)) as last,
        ):
            place(first, beside, overwrite=True)
            try:
                place(second, path, overwrite=overwrite)
            except BaseException:
                _put_back(beside, before)
                raise
            place(last, beside, overwrite=True)


def _record(path: Path) -> Record | None:
    """The existing record, of the current state only."""
    try:
        return replace(read_record(path), earlier=None) if path.exists() else None
    except RecordError:
        return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _put_back(path: Path, data: bytes | None) -> None:
    """Restores the record; the combined one that is there is valid if this fails."""
    try:
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, data, overwrite=True)
    except (OSError, OutputError):
        return
