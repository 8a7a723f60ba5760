"""Inserts sound cues into finished captions, and removes them: whole blocks of bytes.

A sound between two cues of the input becomes a cue of its own. It is inserted
when the captions are finished, tags included, and changes nothing else: an
inserted cue is a block of lines, and exactly its bytes are removed again,
before any tag is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from ..formats.base import CaptionReader, RecordedReader
from ..formats.splicing import InsertionPoint
from ..subtitles.document import Document, Edit, Line, lines
from ..tagging.presets import is_our_cue
from ..tagging.sounds import LONGEST_MS, SoundCue
from ..tagging.vocabulary import Vocabulary
from .record import Record, RecordedSoundCue, cue_digests

_NUMBER = re.compile(r"\s*(\d{1,12})\s*")
#: What surrounds the times and text of an inserted cue: a number and line endings.
_AROUND = re.compile(
    r"(?P<before>(?:\r\n|\n|\r){0,2}(?:\d{1,12}(?:\r\n|\n|\r))?)\0(?:\r\n|\n|\r){0,2}"
)
#: Not every format has times in milliseconds.
_ROUNDING_MS = 200


def sound_cue_edits(
    document: Document, reader: CaptionReader, cues: Sequence[SoundCue]
) -> list[Edit]:
    """The edits that insert sound cues, each before the first cue that is shown later.

    Args:
        document: the finished file
        reader: the reader of its format
        cues: the sound cues, by time
    """
    text = list(lines(document.data, document.encoding))
    number = _last_number(document, text)
    edits: list[Edit] = []
    is_first_at_end = True
    latest = list(accumulate((one.start_ms for one in document.cues), max))
    for place, cue in enumerate(cues, start=1):
        behind = bisect_left(latest, cue.end_ms)
        follower = document.cues[behind] if behind < len(latest) else None
        line = (document.cues[-1] if follower is None else follower).line
        point = InsertionPoint(
            number=number + place, document=document, times=text[line - 1],
            is_last=follower is None, is_first_at_end=is_first_at_end,
        )  # fmt: skip
        is_first_at_end = is_first_at_end and follower is not None
        at = _end(document, text, line, reader) if follower is None else _head(text, line, reader)
        edits.append(Edit(at, at, reader.sound_block(cue, point)))
    return edits


def _last_number(document: Document, text: Sequence[Line]) -> int:
    """The largest cue number in the file."""
    above = (text[cue.line - 2].text for cue in document.cues if cue.line > 1)
    found = [int(match[1]) for line in above if (match := _NUMBER.fullmatch(line))]
    return max(found, default=len(document.cues))


def _head(text: Sequence[Line], line: int, reader: CaptionReader) -> int:
    """The offset of a cue's first line: its number or name, if it has one."""
    above, head = text[max(0, line - 2)], reader.cue_head
    is_head = line > 1 and head is not None and "-->" not in above.text
    return (above if is_head and head and head.fullmatch(above.text) else text[line - 1]).start


def _end(document: Document, text: Sequence[Line], line: int, reader: CaptionReader) -> int:
    """The offset for a cue after all others."""
    if reader.is_line_a_cue:
        return text[line - 1].start + text[line - 1].size
    start = len(document.encoding.bom)
    return start + document.encoding.whole(len(document.data) - start)


def added_cues(document: Document, blocks: Sequence[str]) -> list[RecordedSoundCue]:
    """The record's entries for inserted cues.

    Args:
        document: the file with the cues
        blocks: the inserted text of each

    Raises:
        StopIteration: if one of them is not read as a cue
    """
    digests = cue_digests(document)
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
        entries.append(RecordedSoundCue(digests[found], block))
    return entries


def _start_of(document: Document, span: tuple[int, int], block: bytes) -> int | None:
    """The offset of the block around a cue's bytes, or None if the file does not have it there."""
    at = block.find(document.data[slice(*span)])
    if at < 0 or span[0] < at or document.data[span[0] - at : span[0] - at + len(block)] != block:
        return None
    return span[0] - at


def recorded_cue_edits(
    document: Document, record: Record, reader: RecordedReader, words: Vocabulary | None
) -> list[Edit]:
    """The edits that remove the cues that the record names as inserted.

    Args:
        document: the file
        record: its record, which is not trusted
        reader: the reader of its format
        words: the user's own words for tags, if used
    """
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for index, digest in enumerate(cue_digests(document)):
        waiting[digest].append(index)
    edits = []
    for entry in record.added:
        edit = next(_edits(document, waiting[entry.cue], entry, reader, words), None)
        if edit is not None:
            waiting[entry.cue].remove(edit[0])
            edits.append(edit[1])
    return edits


def _edits(
    document: Document,
    waiting: Sequence[int],
    entry: RecordedSoundCue,
    reader: RecordedReader,
    words: Vocabulary | None,
) -> Iterator[tuple[int, Edit]]:
    """The edits that remove one cue, with its index, if it can be subemo's."""
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
