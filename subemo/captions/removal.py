"""Removes what subemo put into a subtitle file: by the marks in it, or by its record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path

from ..core.emotions import Emotion
from ..core.errors import RecordError, SubtitleError
from ..formats.base import CaptionReader, RecordedReader
from ..formats.registry import READERS_BY_NAME, reader_of
from ..formats.splicing import Mark
from ..subtitles.document import Document, Edit, Untagged
from ..tagging.limits import could_be_extended
from ..tagging.presets import is_ours
from ..tagging.vocabulary import Vocabulary
from .record import Record, RecordedTag, cue_digests, read_record, record_path
from .sound_cues import recorded_cue_edits


def _tag_edits(
    document: Document, record: Record, reader: RecordedReader, words: Vocabulary | None
) -> list[list[Edit]]:
    """The edits that remove each of the record's tags that is in the document."""
    waiting: defaultdict[str, list[RecordedTag]] = defaultdict(list)
    for change in record.changes:
        waiting[change.cue].append(change)
    found = []
    # A film has few different tags.
    encoded = cache(partial(_encoded, document, reader, words))
    for index, digest in enumerate(cue_digests(document)):
        changes = waiting[digest]
        edits = _edits(document, index, changes[0], reader, encoded) if changes else []
        if edits:
            changes.pop(0)
            found.append(edits)
    return found


def _edits(
    document: Document,
    index: int,
    change: RecordedTag,
    reader: RecordedReader,
    encoded: Callable[[str], bytes],
) -> list[Edit]:
    """The edits that remove one tag; none if the entry cannot be subemo's."""
    offsets, written = document.offsets[index], encoded(change.written)
    if offsets.start is None or offsets.span is None or not written:
        return []
    at = _place(document, (offsets.start, offsets.span[1]), written, reader)
    if at is None:
        return []
    tag = Edit(at, at + len(written), "")
    if change.old_end is None:
        return [tag]
    old_end_ms, end_ms = reader.parse_time(change.old_end), document.cues[index].end_ms
    if offsets.end_time is None or not could_be_extended(old_end_ms, end_ms):
        return []
    return [tag, Edit(*offsets.end_time, change.old_end)]


def _encoded(
    document: Document, reader: RecordedReader, words: Vocabulary | None, written: str
) -> bytes:
    """The bytes of a tag in a record; empty if subemo could not have written it there."""
    splicing = reader.splicing(document)
    separator = next((end for end in (splicing.newline, " ") if written.endswith(end)), "")
    tag = written.removesuffix(separator)
    bare = tag.strip(" \u00a0\u3000")
    if not is_ours(bare, words) or tag not in (
        bare,
        splicing.wrap(Mark(bare, Emotion.NEUTRAL), None),
    ):
        return b""
    try:
        return document.encoding.encode(written)
    except UnicodeEncodeError:
        return b""


def _place(
    document: Document, body: tuple[int, int], written: bytes, reader: RecordedReader
) -> int | None:
    """The byte offset of *written* where subemo would have put it, or None."""

    def decode(first: int, last: int) -> str:
        text = document.encoding.decode(document.data[first:last])
        return text.replace("\r\n", "\n").replace("\r", "\n")

    at = document.data.find(written, *body)
    while at >= 0:
        before, behind = decode(body[0], at), decode(at + len(written), body[1])
        # A cue with only a tag had no words, and so no place for a tag.
        if len(before) in reader.places(before + behind) or not (before + behind).strip():
            return at
        at = document.data.find(written, at + 1, body[1])
    return None


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
        record = record.of(data, frozenset(cue_digests(document)))
    sounds = recorded_cue_edits(document, record, reader, words) if record.added else []
    if sounds:
        data = document.edited(sounds)
        if len(sounds) == len(document.cues):
            return Untagged(data, len(sounds))
        document = reader.read(data, encoding=document.encoding.name)
    tags = _tag_edits(document, record, reader, words)
    removed, every = len(tags) + len(sounds), len(record.changes) + len(record.added)
    warnings = []
    if removed < every:
        warnings.append(
            f"{every - removed} of {every} tags are left in place: their cues were changed since subemo "
            "wrote them, or the record names tags that subemo would not write. If the tags are in "
            "words of your own, give `words` again"
        )
    return Untagged(document.edited(chain(*tags)), removed, tuple(warnings))


def _read_recorded(
    reader: RecordedReader, data: bytes, record: Record, encoding: str | None
) -> Document:
    if encoding is None and record.encoding is not None:
        with suppress(SubtitleError):  # a record may contain anything
            return reader.read(data, encoding=record.encoding)
    return reader.read(data, encoding=encoding)
