"""The record beside a file whose format cannot mark tags.

A tag in SubRip is ordinary text: an author's ``[angrily]`` and subemo's
are the same bytes. So the tags that subemo put into ``film.emo.srt`` are recorded in
``film.emo.srt.tags.json``, and only those are ever removed.

A record is untrusted: it may belong to another file, be out of date, or be forged. Each
entry has the SHA-256 of its cue as written, times and text, and applies only to a cue
with exactly these bytes; and it can only remove a tag that subemo could have written,
where it would have written it.
"""

from __future__ import annotations

import json
import stat
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..core.emotions import Emotion
from ..core.errors import RecordError
from ..subtitles.document import Document, Edit
from ..tagging.limits import could_be_extended
from ..tagging.presets import is_ours
from ..tagging.vocabulary import Vocabulary
from .base import RecordedReader
from .splicing import Mark, Wrap

_VERSION = 2
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Change:
    """A tag inserted into a file.

    Attributes:
        cue: the SHA-256 of the tagged cue, from its times to the end of its text
        written: the tag and its separator
        old_end: the original end time, if it was changed
    """

    cue: str
    written: str
    old_end: str | None = None


@dataclass(frozen=True)
class Record:
    """What was put into one file.

    Attributes:
        sha256: SHA-256 of the file as written
        changes: in the order of the file
        encoding: of the file, which with the tags in it could be taken for another
        earlier: the record of the file that stood there before, and may stand there
            still if the run ended between the writing of the two
    """

    sha256: str
    changes: tuple[Change, ...]
    encoding: str | None = None
    earlier: Record | None = None

    def to_bytes(self, provenance: str) -> bytes:
        """The content of a record's file.

        Args:
            provenance: the origin of the tags
        """
        content = {"subemo_record": _VERSION, "provenance": provenance, **self._content()}
        if self.earlier is not None:
            content["earlier"] = self.earlier._content()
        return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()

    def _content(self) -> dict[str, Any]:
        return {
            "sha256": self.sha256,
            "encoding": self.encoding,
            "changes": [asdict(change) for change in self.changes],
        }

    def of(self, data: bytes, cues: Collection[str]) -> Record:
        """Returns this or the earlier record, whichever belongs to a file.

        Args:
            data: the file
            cues: the SHA-256 of each of its cues
        """
        if self.earlier is None:
            return self
        digest = sha256(data).hexdigest()
        for one in (self, self.earlier):
            if one.sha256 == digest:
                return one
        # Somebody has changed the file since: the one that fits more of its cues.
        mine, before = (
            sum(change.cue in cues for change in one.changes) for one in (self, self.earlier)
        )
        return self if mine >= before else self.earlier


def record_path(path: Path) -> Path:
    """The path of the record of the file at *path*."""
    return path.with_name(f"{path.name}.tags.json")


def cue_digest(document: Document, index: int) -> str | None:
    """The SHA-256 of a cue's bytes, times and text; None if the format has no record."""
    span = document.offsets[index].span
    return None if span is None else sha256(document.data[slice(*span)]).hexdigest()


def read_record(path: Path) -> Record:
    """Reads the record at *path*.

    Raises:
        RecordError: if it is not a record, or of another version of subemo
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RecordError("not a regular file", path=path)
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise RecordError(f"cannot be read ({error.strerror})", path=path) from error
    return parse_record(data, path=path)


def parse_record(data: bytes, *, path: Path) -> Record:
    """Parses a record.

    Args:
        data: a file's content
        path: its path, for errors

    Raises:
        RecordError: if it is not a record, or of another version of subemo
    """
    try:
        if len(data) > _LARGEST:
            raise ValueError("too large")
        content = json.loads(data)
        if content["subemo_record"] != _VERSION:
            raise RecordError(
                "this record is of another version of subemo",
                path=path,
                remedy="Use that version's strip, or remove the tags by hand.",
            )
        earlier = content.get("earlier")
        return replace(_record(content), earlier=None if earlier is None else _record(earlier))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordError(
            "not a record of tags", path=path, remedy="Give another with --record."
        ) from error


def _record(content: dict[str, Any]) -> Record:
    encoding = content.get("encoding")
    if not isinstance(encoding, str | None):
        raise ValueError("a value of the wrong kind")
    return Record(str(content["sha256"]), tuple(map(_change, content["changes"])), encoding)


def _change(one: dict[str, Any]) -> Change:
    change = Change(**one)
    if not (
        isinstance(change.cue, str)
        and isinstance(change.written, str)
        and isinstance(change.old_end, str | None)
    ):
        raise ValueError("a value of the wrong kind")
    return change


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
