"""The record beside a file of a format that has no room to say whose a tag is.

A tag in SubRip is text like any other: a person's ``[angrily]`` and subemo's
are the same bytes. So what subemo put into ``film.emo.srt`` is written down in
``film.emo.srt.tags.json``, and only what is named there is ever taken out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SubtitleError
from .document import Document, Edit

if TYPE_CHECKING:
    from ..annotation import Annotation

_VERSION = 1
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Change:
    """One tag that was put into a file.

    Attributes:
        start: of its cue, in milliseconds
        end: of its cue, as it is shown
        written: the tag and what parts it from the words
        old_end: the end time as it stood before, where it was changed
    """

    start: int
    end: int
    written: str
    old_end: str | None = None


@dataclass(frozen=True)
class Record:
    """What was put into one file.

    Attributes:
        sha256: of the file, as it was written
        changes: in the order of the file
    """

    sha256: str
    changes: tuple[Change, ...]


def record_path(path: Path) -> Path:
    """Where the record of the file at *path* lies."""
    return path.with_name(f"{path.name}.tags.json")


def record_of(
    annotation: Annotation, data: bytes, *, form: str, format_time: Callable[[int], str]
) -> bytes:
    """The record of an annotated file.

    Args:
        annotation: what is shown in it
        data: the file
        form: the name of its format
        format_time: how that writes a time
    """
    document = annotation.document
    spliced = document if document is not None and document.form == form else None
    newline = "\n" if spliced is None else spliced.newline
    changes = []
    for cue in annotation.tagged:
        decision = cue.decision
        old_end = None
        if decision.end_ms is not None:
            span = spliced and spliced.sites[cue.index].end_time
            if spliced is not None and span:
                old_end = spliced.encoding.decode(spliced.data[slice(*span)])
            else:
                old_end = format_time(cue.end_ms)
        separator = newline if decision.is_above else " "
        # A cue that has no words holds the tag alone.
        written = decision.text + (separator if cue.rich.plain.strip() else "")
        changes.append(Change(cue.start_ms, cue.shown_end_ms, written, old_end))
    content = {
        "subemo_record": _VERSION,
        "provenance": annotation.provenance,
        "sha256": sha256(data).hexdigest(),
        "changes": [asdict(change) for change in changes],
    }
    return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()


def read_record(path: Path) -> Record:
    """The record at *path*.

    Raises:
        SubtitleError: if it is no record
    """
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_LARGEST))
        if content["subemo_record"] != _VERSION:
            raise SubtitleError("a record of another version of subemo", path=path)
        return Record(str(content["sha256"]), tuple(_change(one) for one in content["changes"]))
    except OSError as error:
        raise SubtitleError(f"cannot be read ({error.strerror})", path=path) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SubtitleError(
            "not a record of tags", path=path, remedy="Name another with --record."
        ) from error


def _change(one: dict[str, Any]) -> Change:
    change = Change(**one)
    if not (
        isinstance(change.start, int)
        and isinstance(change.end, int)
        and isinstance(change.written, str)
        and isinstance(change.old_end, str | None)
    ):
        raise ValueError("a value of the wrong kind")
    return change


def undo(document: Document, record: Record) -> tuple[list[Edit], list[Change]]:
    """What takes the tags of *record* out of a document again.

    A tag is looked for in the cue that has its times, before that cue's words;
    what a person has changed or moved since then is left alone.

    Returns:
        the edits, and the changes that were not found
    """
    by_times: dict[tuple[int, int], list[int]] = {}
    for cue in document.cues:
        by_times.setdefault((cue.start_ms, cue.end_ms), []).append(cue.index)
    edits: list[Edit] = []
    missing: list[Change] = []
    used: set[int] = set()
    for change in record.changes:
        found: list[Edit] = []
        for index in by_times.get((change.start, change.end), []):
            if index not in used and (found := list(_edits(document, index, change))):
                used.add(index)
                break
        if not found:
            missing.append(change)
        edits += found
    return edits, missing


def _edits(document: Document, index: int, change: Change) -> Iterator[Edit]:
    site = document.sites[index]
    if site.start is None:
        return
    try:
        written = document.encoding.encode(change.written)
    except UnicodeEncodeError:
        return
    first = document.cues[index].text.partition("\n")[0]
    end = site.start + len(document.encoding.encode(first)) + len(written)
    at = document.data.find(written, site.start, end)
    if at < 0:
        return
    yield Edit(at, at + len(written), "")
    if change.old_end is not None and site.end_time is not None:
        yield Edit(*site.end_time, change.old_end)
