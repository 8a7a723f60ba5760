"""Cues of subemo's own, put into a finished file and taken out again: whole blocks of bytes.

A sound between two cues of the input becomes a cue of its own. It is put into
the captions when those are finished, tags and all, and nothing of them is
changed: what is put in is a block of lines, whose bytes alone are taken out
again, before any tag is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from ..subtitles.document import Document, Edit, Line, lines
from ..tagging.presets import is_our_cue
from ..tagging.sound_cues import LONGEST_MS, SoundCue
from ..tagging.vocabulary import Vocabulary
from .base import CaptionReader, RecordedReader
from .record import AddedCue, Record, cue_digest
from .spots import BlockSpot

_NUMBER = re.compile(r"\s*(\d{1,12})\s*")
#: What subemo puts around the times and the text of a cue of its own: a number and line endings.
_AROUND = re.compile(
    r"(?P<before>(?:\r\n|\n|\r){0,2}(?:\d{1,12}(?:\r\n|\n|\r))?)\0(?:\r\n|\n|\r){0,2}"
)
#: A format may know no times as short as a millisecond.
_ROUNDING_MS = 200


@dataclass(frozen=True)
class Spliced:
    """A file with cues of subemo's own in it.

    Attributes:
        data: the whole of it
        blocks: what was put in for each, in the order of the file
    """

    data: bytes
    blocks: tuple[str, ...]


def spliced_cues(document: Document, reader: CaptionReader, cues: Sequence[SoundCue]) -> Spliced:
    """A file with cues of subemo's own in it, each before the first cue that is shown later.

    Args:
        document: the file, finished but for them
        reader: of its format
        cues: in the order of time

    Raises:
        UnicodeEncodeError: if the file's encoding has no such letters
    """
    text = list(lines(document.data, document.encoding))
    number = _last_number(document, text)
    edits, blocks = [], []
    is_first_at_end = True
    for place, cue in enumerate(cues, start=1):
        follower = next((one for one in document.cues if one.start_ms >= cue.end_ms), None)
        line = (document.cues[-1] if follower is None else follower).line
        spot = BlockSpot(
            number=number + place, document=document, times=text[line - 1],
            is_last=follower is None, is_first_at_end=is_first_at_end,
        )  # fmt: skip
        is_first_at_end = is_first_at_end and follower is not None
        block = reader.sound_block(cue, spot)
        at = _end(document, text, line, reader) if follower is None else _head(text, line, reader)
        edits.append(Edit(at, at, block))
        blocks.append(block)
    return Spliced(document.edited(edits), tuple(blocks))


def _last_number(document: Document, text: Sequence[Line]) -> int:
    """The greatest number above a cue's times."""
    above = (text[cue.line - 2].text for cue in document.cues if cue.line > 1)
    found = [int(match[1]) for line in above if (match := _NUMBER.fullmatch(line))]
    return max(found, default=len(document.cues))


def _head(text: Sequence[Line], line: int, reader: CaptionReader) -> int:
    """The byte at which a cue's first line begins: its number or name, where it has one."""
    above, head = text[max(0, line - 2)], reader.cue_head
    is_head = line > 1 and head is not None and "-->" not in above.text
    return (above if is_head and head and head.fullmatch(above.text) else text[line - 1]).start


def _end(document: Document, text: Sequence[Line], line: int, reader: CaptionReader) -> int:
    """The byte at which a cue behind all others goes."""
    if reader.is_line_a_cue:
        return text[line - 1].start + text[line - 1].size
    start = len(document.encoding.bom)
    return start + document.encoding.whole(len(document.data) - start)


def added_cues(document: Document, blocks: Sequence[str]) -> list[AddedCue]:
    """The record's entries of cues of subemo's own.

    Args:
        document: the file with them in it
        blocks: what was put in for each

    Raises:
        LookupError: if one of them is not read as a cue
    """
    entries, taken = [], set[int]()
    for block in blocks:
        encoded = document.encoding.encode(block)
        found = next(
            index
            for index, offsets in enumerate(document.offsets)
            if index not in taken
            and offsets.span is not None
            and _start_of(document, offsets.span, encoded) is not None
        )
        taken.add(found)
        entries.append(AddedCue(cue_digest(document, found) or "", block))
    return entries


def _start_of(document: Document, span: tuple[int, int], block: bytes) -> int | None:
    """Where a block begins that holds a cue's bytes; None where the file has it not there."""
    at = block.find(document.data[slice(*span)])
    if at < 0 or span[0] < at or document.data[span[0] - at : span[0] - at + len(block)] != block:
        return None
    return span[0] - at


@dataclass(frozen=True)
class Without:
    """A file without cues of subemo's own.

    Attributes:
        data: the whole of it
        removed: how many were taken out
        missing: how many of a record's are not there, or not ours to take out
    """

    data: bytes
    removed: int = 0
    missing: int = 0


def without_recorded(
    document: Document, record: Record, reader: RecordedReader, words: Vocabulary | None
) -> Without:
    """A file without the cues that its record names as subemo's own.

    Args:
        document: the file
        record: of what was put into it; it may say anything
        reader: of the file's format
        words: the user's own words, if tags are in those
    """
    digests = {cue.index: cue_digest(document, cue.index) or "" for cue in document.cues}
    by_digest: dict[str, list[int]] = {}
    for index, digest in digests.items():
        by_digest.setdefault(digest, []).append(index)
    edits = []
    for entry in record.added:
        waiting = by_digest.get(entry.cue, [])
        edit = next(_edits(document, waiting, entry, reader, words), None)
        if edit is not None:
            index, found = edit
            waiting.remove(index)
            edits.append(found)
    return Without(document.edited(edits), len(edits), len(record.added) - len(edits))


def _edits(
    document: Document,
    waiting: Sequence[int],
    entry: AddedCue,
    reader: RecordedReader,
    words: Vocabulary | None,
) -> Iterator[tuple[int, Edit]]:
    """What takes one cue out, with its index, where that can be subemo's."""
    try:
        block = document.encoding.encode(entry.written)
    except UnicodeEncodeError:
        return
    for index in waiting:
        cue, span = document.cues[index], document.offsets[index].span
        start = None if span is None else _start_of(document, span, block)
        if span is None or start is None:
            continue
        inner = document.encoding.decode(document.data[slice(*span)])
        is_frame = _AROUND.fullmatch(entry.written.replace(inner, "\0", 1)) is not None
        is_short = 0 < cue.end_ms - cue.start_ms <= LONGEST_MS + _ROUNDING_MS
        if is_frame and is_short and is_our_cue(reader.parse(cue.text).plain.strip(), words):
            yield index, Edit(start, start + len(block), "")


def record_of(record: Record, data: bytes, added: Sequence[AddedCue]) -> Record:
    """The record of a file into which cues of subemo's own were put, too."""
    return replace(record, sha256=sha256(data).hexdigest(), added=tuple(added))
