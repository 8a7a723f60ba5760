"""The record beside a file of a format that has no room to say whose a tag is.

A tag in SubRip is text like any other: a person's ``[angrily]`` and subemo's
are the same bytes. So what subemo put into ``film.emo.srt`` is recorded in
``film.emo.srt.tags.json``, and only what is named there is ever taken out.

A record is untrusted: it may be of another file, out of date, or forged. Each
entry names the SHA-256 of its cue as it was written, times and text, and counts
for a cue with just these bytes alone; and it can take out nothing but a tag
that subemo could have written, where it would have written it.
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
    """One tag that was put into a file.

    Attributes:
        cue: the SHA-256 of the cue with the tag in it, from its times to the end of its text
        written: the tag and what parts it from the words
        old_end: the end time as it stood before, where it was changed
    """

    cue: str
    written: str
    old_end: str | None = None


@dataclass(frozen=True)
class Record:
    """What was put into one file.

    Attributes:
        sha256: of the file, as it was written
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
            provenance: where the tags come from, for people
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
        """Of this record and the earlier one that which is about a file.

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
    """Where the record of the file at *path* lies."""
    return path.with_name(f"{path.name}.tags.json")


def cue_digest(document: Document, index: int) -> str | None:
    """The SHA-256 of a cue's bytes, times and text; None where the format has no record."""
    span = document.offsets[index].span
    return None if span is None else sha256(document.data[slice(*span)]).hexdigest()


def read_record(path: Path) -> Record:
    """The record at *path*.

    Raises:
        RecordError: if it is no record, or of another version of subemo
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RecordError("not a regular file, so no record of tags", path=path)
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise RecordError(f"cannot be read ({error.strerror})", path=path) from error
    return parse_record(data, path=path)


def parse_record(data: bytes, *, path: Path) -> Record:
    """The record that *data* is.

    Args:
        data: a file's content
        path: for what goes wrong

    Raises:
        RecordError: if it is no record, or of another version of subemo
    """
    try:
        if len(data) > _LARGEST:
            raise ValueError("too large")
        content = json.loads(data)
        if content["subemo_record"] != _VERSION:
            raise RecordError(
                "a record of another version of subemo",
                path=path,
                remedy="Use that version's strip, or take the tags out by hand.",
            )
        earlier = content.get("earlier")
        return replace(_record(content), earlier=None if earlier is None else _record(earlier))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordError(
            "not a record of tags", path=path, remedy="Name another with --record."
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
    """What takes the tags of a record out of a document again.

    Attributes:
        edits: of the document
        removed: the indices of the cues that they take a tag out of
        missing: the entries that fit no cue: changed since, or not ours to take out
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
    """What takes the tags of *record* out of *document*.

    Args:
        document: the file with the tags in it, or another
        record: what was put into it, or something else
        reader: the format that *document* is of
        words: the user's own words for the emotions, if the tags are in those
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
    """What takes one tag out; nothing where the entry cannot be subemo's."""
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
    """The bytes of a tag of a record; None where subemo could not have written it there."""
    if not _is_ours(written, reader.separators, reader.splicing(document).wrap, words):
        return None
    try:
        return document.encoding.encode(written)
    except UnicodeEncodeError:
        return None


def _is_ours(written: str, separators: Sequence[str], wrap: Wrap, words: Vocabulary | None) -> bool:
    """Whether that is a tag as subemo writes it, and perhaps what parts it from the words."""
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
    """The byte from which on *written* stands where it would have been put, or None."""
    decode = document.encoding.decode
    at = document.data.find(written, *body)
    while at >= 0:
        before, after = document.data[body[0] : at], document.data[at + len(written) : body[1]]
        text = decode(before)
        rest = text + decode(after)
        # A cue that holds the tag alone had no words, and so no place for it.
        if len(text) in places(rest) or not rest.strip():
            return at
        at = document.data.find(written, at + 1, body[1])
    return None
