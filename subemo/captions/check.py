"""Checks a subtitle file against reading limits, with its tags and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ..captions import parse_document, read_bytes, untag
from ..formats.registry import styled_text
from ..subtitles.document import Cue, Document
from ..tagging.layout import ReadingSlot, TagStyle, has_room
from ..tagging.limits import ReadingLimits, Violation, reading_violations, timing_violations


@dataclass(frozen=True)
class LimitViolation:
    """A limit that a cue breaks.

    Attributes:
        cue: the cue as in the file
        violation: the limit, with the cue's value and the allowed value
        by_tag: whether only subemo's tag breaks it
    """

    cue: Cue
    violation: Violation
    by_tag: bool


@dataclass(frozen=True)
class Check:
    """The result of checking a file.

    Attributes:
        cues: number of cues
        tags: number of subemo's tags
        violations: broken limits, in the order of the file
        before: broken limits without the tags, in the order of the file
        rooms: numbers of cues without a tag that have room for one, now and if cues may
            be extended for it
    """

    cues: int
    tags: int
    violations: tuple[LimitViolation, ...]
    before: tuple[LimitViolation, ...]
    rooms: tuple[int, int]


def check_file(
    path: Path, style: TagStyle, *, encoding: str | None = None, extend_ms: int = 500
) -> Check:
    """Checks the subtitles at *path*, as they are and without subemo's tags.

    Args:
        path: the file
        style: the reading limits, and the style of tags to find room for
        encoding: of the file; None to detect it
        extend_ms: largest extension of a cue for a tag

    Raises:
        SubtitleError: if the file cannot be read
    """
    data = read_bytes(path)
    bare = untag(path, data, encoding=encoding)
    after = parse_document(data, path=path, encoding=encoding)
    before = after
    if bare.data != data:
        before = parse_document(bare.data, path=path, encoding=encoding)
    limits = style.limits
    found_before = list(_violations(before, limits))
    same = _counterparts(before, after)
    known = {(cue.index, violation.limit) for cue, violation in found_before}
    return Check(
        cues=len(after.cues),
        tags=bare.removed,
        violations=tuple(
            LimitViolation(cue, violation, (same.get(cue.index), violation.limit) not in known)
            for cue, violation in _violations(after, limits)
        ),
        before=tuple(LimitViolation(cue, violation, False) for cue, violation in found_before),
        rooms=_rooms(before, after, same, style=style, extend_ms=extend_ms),
    )


def _rooms(
    before: Document, after: Document, same: Mapping[int, int], *, style: TagStyle, extend_ms: int
) -> tuple[int, int]:
    """The numbers of cues without a tag that have room for one, now and if extended."""
    tagged = {
        place for index, place in same.items() if after.cues[index].text != before.cues[place].text
    }
    order = sorted(before.cues, key=lambda cue: (cue.start_ms, cue.index))
    counts = [0, 0]
    for cue, follower in zip(order, [*order[1:], None], strict=True):
        text = styled_text(cue.text, before.form).plain
        if cue.index in tagged or not text.strip():
            continue
        for at, by_ms in enumerate((0, extend_ms)):
            slot = ReadingSlot.of(
                text, (cue.start_ms, cue.end_ms), None if follower is None else follower.start_ms,
                extend_ms=by_ms, longest_ms=style.limits.longest_ms,
            )  # fmt: skip
            counts[at] += has_room(slot, style)
    return counts[0], counts[1]


def _counterparts(before: Document, after: Document) -> dict[int, int]:
    """The place of each cue in the file without tags; sound cues have none there."""
    found: dict[int, int] = {}
    for cue in after.cues:
        place = len(found)
        if place < len(before.cues) and cue.start_ms == before.cues[place].start_ms:
            found[cue.index] = place
    return found


def _violations(document: Document, limits: ReadingLimits) -> Iterator[tuple[Cue, Violation]]:
    followers = _gaps(document.cues)
    for cue in document.cues:
        plain = styled_text(cue.text, document.form).plain
        lines = [line for line in plain.split("\n") if line.strip()]
        duration_ms = cue.end_ms - cue.start_ms
        for violation in reading_violations(lines, duration_ms, limits):
            yield cue, violation
        for violation in timing_violations(duration_ms, followers.get(cue.index), limits):
            yield cue, violation


def _gaps(cues: Sequence[Cue]) -> dict[int, int]:
    """The gaps from each cue's end to the next one's start, by time."""
    order = sorted(cues, key=lambda cue: (cue.start_ms, cue.index))
    return {cue.index: follower.start_ms - cue.end_ms for cue, follower in pairwise(order)}
