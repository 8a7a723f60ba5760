"""Restores subtitle files from before tagging."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..core.errors import RecordError, SubtitleError
from ..formats.base import CaptionReader, RecordedReader
from ..formats.registry import READERS_BY_NAME, reader_of
from ..subtitles.document import Document, Untagged
from ..tagging.vocabulary import Vocabulary
from .record import Record, cue_digest, read_record, record_path
from .sound_cues import Without, without_recorded
from .undoing import undo


def untag(
    path: Path,
    data: bytes,
    *,
    encoding: str | None = None,
    record: Path | None = None,
    needs_record: bool = False,
    words: Vocabulary | None = None,
) -> Untagged:
    """Removes subemo's tags from a subtitle file.

    Args:
        path: its path, beside which the record is looked for
        data: its content
        encoding: its encoding; None to detect it
        record: the record's path; None for beside the file
        needs_record: whether a format that has a record must have it
        words: custom tag words, or None

    Raises:
        RecordError: if the record is invalid or missing
        SubtitleError: if the file cannot be read
    """
    reader = reader_of(data)
    try:
        if not isinstance(reader, RecordedReader):
            return untag_marked(reader, data, encoding=encoding, words=words)
        beside = record or record_path(path)
        if record is None and not beside.exists():
            if needs_record:
                raise RecordError(
                    f"cannot tell which tags are subemo's: {beside.name} is missing",
                    remedy="Put that file beside it, or give it with `record`.",
                )
            return Untagged(data, 0)
        return untag_recorded(data, read_record(beside), encoding=encoding, words=words)
    except SubtitleError as error:
        raise type(error)(error.problem, path=error.path or path, remedy=error.remedy) from error


def untag_marked(
    reader: CaptionReader,
    data: bytes,
    *,
    encoding: str | None = None,
    words: Vocabulary | None = None,
) -> Untagged:
    """A file of a format that marks what is subemo's, without its own cues and without its tags.

    Args:
        reader: of its format
        data: the file
        encoding: the user's word for how it is encoded
        words: the user's own words for the emotions, if the tags are in those
    """
    without, count = reader.without_sound_cues(data, encoding=encoding, words=words)
    bare = reader.untag(without, encoding=encoding, words=words)
    return replace(bare, removed=bare.removed + count)


def untag_recorded(
    data: bytes,
    record: Record,
    *,
    encoding: str | None = None,
    words: Vocabulary | None = None,
    document: Document | None = None,
) -> Untagged:
    """Removes the tags in a record from a file.

    Args:
        data: the file
        record: its record
        encoding: its encoding; None to detect it
        words: custom tag words, or None
        document: the parsed file, if available

    Raises:
        SubtitleError: if the file cannot be read
    """
    reader = reader_of(data) if document is None else READERS_BY_NAME[document.form]
    if not isinstance(reader, RecordedReader):
        return Untagged(data, 0)
    document = document or _read_recorded(reader, data, record, encoding)
    if record.earlier is not None:
        digests = frozenset(cue_digest(document, cue.index) or "" for cue in document.cues)
        record = replace(record.of(data, digests), earlier=None)
    without = Without(data)
    if record.added:
        without = without_recorded(document, record, reader, words)
        if without.removed == len(document.cues):
            return Untagged(without.data, without.removed)
        document = reader.read(without.data, encoding=document.encoding.name)
    undone = undo(document, record, reader, words=words)
    removed = len(undone.removed) + without.removed
    warnings = []
    if undone.missing or without.missing:
        count = len(undone.missing) + without.missing
        every = count + removed
        warnings.append(
            f"{count} of {every} tags are left in place: their cues were changed since subemo "
            "wrote them, or the record names tags that subemo would not write. If the tags are in "
            "words of your own, give `words` again"
        )
    return Untagged(document.edited(undone.edits), removed, tuple(warnings))


def _read_recorded(
    reader: RecordedReader, data: bytes, record: Record, encoding: str | None
) -> Document:
    if encoding is None and record.encoding is not None:
        with suppress(SubtitleError):  # a record may contain anything
            return reader.read(data, encoding=record.encoding)
    return reader.read(data, encoding=encoding)
