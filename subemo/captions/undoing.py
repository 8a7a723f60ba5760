"""Removing the tags that a record names from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from ..core.emotions import Emotion
from ..formats.base import RecordedReader
from ..formats.splicing import Mark, Wrap
from ..subtitles.document import Document, Edit
from ..tagging.limits import could_be_extended
from ..tagging.presets import is_ours
from ..tagging.vocabulary import Vocabulary
from .record import Change, Record, cue_digest


@dataclass(frozen=True)
class Undone:
    """The edits that remove a record's tags from a document.

    Attributes:
        edits: edits of the document
        removed: indices of the cues that lose a tag
        missing: entries that match no cue: changed since, or not written by subemo
    """

    edits: tuple[Edit, ...]
    removed: tuple[int, ...]
    missing: tuple[Change, ...]


def undo(
    document: Document,
    record: Record,
    reader: RecordedReader,
    *,
    words: Vocabulary | None = None,
) -> Undone:
    """Computes the edits that remove the tags of *record* from *document*.

    Args:
        document: the tagged file
        record: its supposed record
        reader: the format of *document*
        words: custom tag words, or None
    """
    digests = {cue.index: cue_digest(document, cue.index) or "" for cue in document.cues}
    record = record.of(document.data, frozenset(digests.values()))
    waiting: defaultdict[str, list[Change]] = defaultdict(list)
    for change in record.changes:
        waiting[change.cue].append(change)
    edits: list[Edit] = []
    removed: list[int] = []
    # A film has few different tags.
    encoded = cache(partial(_encoded, document, reader, words))
    for index, digest in digests.items():
        if waiting[digest] and (
            found := _edits(document, index, waiting[digest][0], reader, encoded)
        ):
            waiting[digest].pop(0)
            edits += found
            removed.append(index)
    missing = tuple(change for left in waiting.values() for change in left)
    return Undone(tuple(edits), tuple(removed), missing)


def _edits(
    document: Document,
    index: int,
    change: Change,
    reader: RecordedReader,
    encoded: Callable[[str], bytes | None],
) -> list[Edit]:
    """The edits that remove one tag; none if the entry cannot be subemo's."""
    offsets = document.offsets[index]
    if offsets.start is None or offsets.span is None:
        return []
    written = encoded(change.written)
    if written is None:
        return []
    at = _place(document, (offsets.start, offsets.span[1]), written, reader.places)
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
) -> bytes | None:
    """The bytes of a tag in a record; None if subemo could not have written it there."""
    if not _is_ours(written, reader.separators, reader.splicing(document).wrap, words):
        return None
    try:
        return document.encoding.encode(written)
    except UnicodeEncodeError:
        return None


def _is_ours(written: str, separators: Sequence[str], wrap: Wrap, words: Vocabulary | None) -> bool:
    """Whether this is a tag as subemo writes it, possibly with its separator."""
    separator = next((end for end in separators if written.endswith(end)), "")
    tag = written.removesuffix(separator)
    bare = tag.strip(" ")
    return is_ours(bare, words) and tag in (bare, wrap(Mark(bare, Emotion.NEUTRAL), None))


def _place(
    document: Document,
    body: tuple[int, int],
    written: bytes,
    places: Callable[[str], Iterable[int]],
) -> int | None:
    """The byte offset of *written* where subemo would have put it, or None."""
    decode = document.encoding.decode
    at = document.data.find(written, *body)
    while at >= 0:
        before, after = document.data[body[0] : at], document.data[at + len(written) : body[1]]
        text = decode(before)
        rest = text + decode(after)
        # A cue with only a tag had no words, and so no place for a tag.
        if len(text) in places(rest) or not rest.strip():
            return at
        at = document.data.find(written, at + 1, body[1])
    return None
