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
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from ..core.errors import RecordError
from ..subtitles.document import Document

T = TypeVar("T")

_VERSION = 2
#: Of records that name cues of subemo's own, too, which an older subemo would leave in place.
_VERSION_WITH_CUES = 3
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class RecordedTag:
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
class RecordedSoundCue:
    """A cue of subemo's own that was put into a file.

    Attributes:
        cue: the SHA-256 of the cue, from its times to the end of its text
        written: all that was put in, its number and what parts it from its neighbours included
    """

    cue: str
    written: str


@dataclass(frozen=True)
class Record:
    """What was put into one file.

    Attributes:
        sha256: SHA-256 of the file as written
        changes: in the order of the file
        encoding: of the file, which with the tags in it could be taken for another
        earlier: the record of the file that stood there before, and may stand there
            still if the run ended between the writing of the two
        added: the cues of subemo's own, in the order of the file
    """

    sha256: str
    changes: tuple[RecordedTag, ...]
    encoding: str | None = None
    earlier: Record | None = None
    added: tuple[RecordedSoundCue, ...] = ()

    @property
    def digests(self) -> tuple[str, ...]:
        """The SHA-256 of each cue that it names."""
        return (*(change.cue for change in self.changes), *(one.cue for one in self.added))

    def to_bytes(self, provenance: str) -> bytes:
        """The content of a record's file.

        Args:
            provenance: the origin of the tags
        """
        has_cues = bool(self.added or (self.earlier is not None and self.earlier.added))
        version = _VERSION_WITH_CUES if has_cues else _VERSION
        content = {"subemo_record": version, "provenance": provenance, **self._content()}
        if self.earlier is not None:
            content["earlier"] = self.earlier._content()
        return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()

    def _content(self) -> dict[str, Any]:
        return {
            "sha256": self.sha256,
            "encoding": self.encoding,
            "changes": [asdict(change) for change in self.changes],
            **({"cues": [asdict(one) for one in self.added]} if self.added else {}),
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
        mine, before = (sum(cue in cues for cue in one.digests) for one in (self, self.earlier))
        return self if mine >= before else self.earlier


def record_path(path: Path) -> Path:
    """The path of the record of the file at *path*."""
    return path.with_name(f"{path.name}.tags.json")


def cue_digests(document: Document) -> list[str]:
    """The SHA-256 of each cue's bytes, times and text; empty for a cue that gets no tag."""
    return [
        sha256(document.data[slice(*one.span)]).hexdigest() if one.span else ""
        for one in document.offsets
    ]


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
        if content["subemo_record"] not in (_VERSION, _VERSION_WITH_CUES):
            raise RecordError(
                "this record is of another version of subemo",
                path=path,
                remedy="Use that version's strip, or remove the tags by hand.",
            )
        earlier = content.get("earlier")
        return replace(_record(content), earlier=None if earlier is None else _record(earlier))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordError(
            "not a record of tags", path=path, remedy="Give another with `record`."
        ) from error


def _record(content: dict[str, Any]) -> Record:
    encoding = content.get("encoding")
    if not isinstance(encoding, str | None):
        raise ValueError("a value of the wrong kind")
    return Record(
        str(content["sha256"]),
        tuple(_entry(RecordedTag, one) for one in content["changes"]),
        encoding,
        added=tuple(_entry(RecordedSoundCue, one) for one in content.get("cues", ())),
    )


def _entry(kind: Callable[..., T], one: dict[str, Any]) -> T:
    needed = isinstance(one["cue"], str) and isinstance(one["written"], str)
    if not (needed and isinstance(one.get("old_end"), str | None)):
        raise ValueError("a value of the wrong kind")
    return kind(**one)
