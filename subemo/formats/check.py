"""What of a subtitle file cannot be read in time, with its tags and without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ..subtitles.document import Cue, Document
from ..tagging.limits import ReadingLimits, Violation, reading_violations, timing_violations
from . import parse_document, read_bytes, untag
from .registry import styled_text


@dataclass(frozen=True)
class LimitViolation:
    """One limit that a cue breaks.

    Attributes:
        cue: the cue, as it is in the file
        violation: the limit, with what the cue has and what it may have
        by_tag: whether it keeps the limit without subemo's tag
    """

    cue: Cue
    violation: Violation
    by_tag: bool


@dataclass(frozen=True)
class Check:
    """What was found of a file.

    Attributes:
        cues: how many there are
        tags: how many of subemo's tags are in it
        violations: what breaks a limit, in the order of the file
        before: what breaks one without the tags, in the order of the file
    """

    cues: int
    tags: int
    violations: tuple[LimitViolation, ...]
    before: tuple[LimitViolation, ...]


def check_file(path: Path, limits: ReadingLimits, *, encoding: str | None = None) -> Check:
    """What of the subtitles at *path* breaks *limits*, as they are and without subemo's tags.

    Raises:
        SubtitleError: if the file cannot be understood
    """
    data = read_bytes(path)
    bare = untag(path, data, encoding=encoding)
    after = parse_document(data, path=path, encoding=encoding)
    before = parse_document(bare.data, path=path, encoding=encoding)
    found_before = list(_violations(before, limits))
    known = {(cue.index, violation.limit) for cue, violation in found_before}
    return Check(
        cues=len(after.cues),
        tags=bare.removed,
        violations=tuple(
            LimitViolation(cue, violation, (cue.index, violation.limit) not in known)
            for cue, violation in _violations(after, limits)
        ),
        before=tuple(LimitViolation(cue, violation, False) for cue, violation in found_before),
    )


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
    """How long it is from each cue's end to the next one's beginning, by time."""
    order = sorted(cues, key=lambda cue: (cue.start_ms, cue.index))
    return {cue.index: follower.start_ms - cue.end_ms for cue, follower in pairwise(order)}
