"""Subtitle files as they were before subemo put tags in."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ..core.errors import RecordError, SubtitleError
from ..subtitles.document import Document, Untagged
from ..tagging.vocabulary import Vocabulary
from .base import RecordedReader
from .record import Record, read_record, record_path, undo
from .registry import READERS_BY_NAME, reader_of


def untag(
    path: Path,
    data: bytes,
    *,
    encoding: str | None = None,
    record: Path | None = None,
    needs_record: bool = False,
    words: Vocabulary | None = None,
) -> Untagged:
    """A subtitle file as it was before subemo put tags in.

    Args:
        path: where it lies; its record is looked for there
        data: its content
        encoding: the user's word for how it is encoded
        record: where its record lies; None for beside it
        needs_record: whether a format that has a record must have it
        words: the user's own words for the emotions, if the tags are in those

    Raises:
        RecordError: if its record cannot be understood
        SubtitleError: if the file cannot
    """
    reader = reader_of(data)
    try:
        if not isinstance(reader, RecordedReader):
            return reader.untag(data, encoding=encoding, words=words)
        beside = record or record_path(path)
        if record is None and not beside.exists():
            if needs_record:
                raise RecordError(
                    f"nothing tells which of its tags are subemo's: there is no {beside.name}",
                    remedy="Put that file beside it, or name it with --record.",
                )
            return Untagged(data, 0)
        return untag_recorded(data, read_record(beside), encoding=encoding, words=words)
    except SubtitleError as error:
        raise type(error)(error.problem, path=error.path or path, remedy=error.remedy) from error


def untag_recorded(
    data: bytes,
    record: Record,
    *,
    encoding: str | None = None,
    words: Vocabulary | None = None,
    document: Document | None = None,
) -> Untagged:
    """A file of a format that has a record, as it was before what that names was put in.

    Args:
        data: the file
        record: what was put into it
        encoding: the user's word for how it is encoded
        words: the user's own words for the emotions, if the tags are in those
        document: the same file, if it was read already

    Raises:
        SubtitleError: if the file cannot be understood
    """
    reader = reader_of(data) if document is None else READERS_BY_NAME[document.form]
    if not isinstance(reader, RecordedReader):
        return Untagged(data, 0)
    document = document or _read_recorded(reader, data, record, encoding)
    undone = undo(document, record, reader, words=words)
    warnings = []
    if undone.missing:
        count, every = len(undone.missing), len(undone.missing) + len(undone.removed)
        warnings.append(
            f"{count} of {every} tags are left in place: their cues were changed since subemo "
            "wrote them, or its record names what it could not have written "
            "(tags in words of your own need --words)"
        )
    return Untagged(document.edited(undone.edits), len(undone.removed), tuple(warnings))


def _read_recorded(
    reader: RecordedReader, data: bytes, record: Record, encoding: str | None
) -> Document:
    if encoding is None and record.encoding is not None:
        with suppress(SubtitleError):  # a record may say anything
            return reader.read(data, encoding=record.encoding)
    return reader.read(data, encoding=encoding)
