"""Which of many possible tags are shown: the first of a run, and not too many."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.emotions import UNMARKED, Emotion


@dataclass(frozen=True)
class Candidate:
    """A cue, as its neighbours matter to it.

    Attributes:
        index: its position among the film's cues
        start_ms: when it appears
        end_ms: when it goes
        speakers: who speaks, as far as the text says; ``("",)`` for somebody
        changes: whether the text marks another speaker than before
        emotion: what its voice is believed to hold, or None where nobody knows
        worth: how much its tag tells; of two that are too close the greater is shown
        can_show: whether it could show a tag
    """

    index: int
    start_ms: int
    end_ms: int
    speakers: tuple[str, ...]
    changes: bool
    emotion: Emotion | None
    worth: float
    can_show: bool


@dataclass(frozen=True)
class ShownTags:
    """The indices of the cues that show their tags, and of those whose tag is in force."""

    shown: frozenset[int]
    same: frozenset[int]


def limit_density(
    candidates: Sequence[Candidate], *, repeat_after_ms: int, cues_per_tag: int, ms_per_tag: int
) -> ShownTags:
    """The tags that stay.

    A tag is in force from where it is shown until another is, until the voice
    is believed neutral or calm, until the speaker changes, or until nothing of
    it was heard for *repeat_after_ms*; until then it is not shown again (BBC
    Subtitle Guidelines 11.3). Of tags that stand closer than one in
    *cues_per_tag* cues and one in *ms_per_tag* milliseconds the one that tells
    most is kept; the run of one that is dropped may get its tag later.

    Args:
        candidates: every cue of the film, in any order
        repeat_after_ms: the pause after which a tag is repeated
        cues_per_tag: at most one tag in so many cues
        ms_per_tag: at most one tag in so much time, from start to start
    """
    ordered = sorted(candidates, key=lambda candidate: (candidate.start_ms, candidate.index))
    dropped: set[int] = set()
    while True:
        shown, same = _first_of_runs(ordered, dropped, repeat_after_ms)
        losers = _losers(ordered, shown, cues_per_tag, ms_per_tag)
        if not losers:
            return ShownTags(
                frozenset(ordered[place].index for place in shown),
                frozenset(ordered[place].index for place in same),
            )
        dropped |= losers


def _first_of_runs(
    ordered: Sequence[Candidate], dropped: set[int], repeat_after_ms: int
) -> tuple[list[int], list[int]]:
    """Places in *ordered* that show a tag, and those where the tag is in force already."""
    shown: list[int] = []
    same: list[int] = []
    in_force: Emotion | None = None
    speaker = ""
    last_ms = 0
    for place, candidate in enumerate(ordered):
        if _is_another_speaker(candidate, speaker):
            in_force = None
        speaker = candidate.speakers[-1] or ("" if candidate.changes else speaker)
        if in_force is not None and candidate.start_ms - last_ms > repeat_after_ms:
            in_force = None
        if candidate.emotion in UNMARKED:
            in_force = None
        elif candidate.emotion is not None and candidate.emotion is in_force:
            last_ms = max(last_ms, candidate.end_ms)
            if candidate.can_show:
                same.append(place)
        elif candidate.can_show and place not in dropped:
            shown.append(place)
            in_force, last_ms = candidate.emotion, candidate.end_ms
        if len(candidate.speakers) > 1:
            in_force = None  # whoever speaks next, nobody can tell whose tag it would be
    return shown, same


def _is_another_speaker(candidate: Candidate, speaker: str) -> bool:
    named = candidate.speakers[0]
    if named:
        return named != speaker
    return candidate.changes


def _losers(
    ordered: Sequence[Candidate], shown: Sequence[int], cues_per_tag: int, ms_per_tag: int
) -> set[int]:
    """Of shown tags that stand too close, those with a neighbour that tells more and stays."""
    kept: list[int] = []
    losers: set[int] = set()
    for place in sorted(shown, key=lambda place: (-ordered[place].worth, place)):
        at = bisect.bisect(kept, place)
        neighbours = kept[max(0, at - 1) : at + 1]
        if any(
            abs(place - other) < cues_per_tag
            or abs(ordered[place].start_ms - ordered[other].start_ms) < ms_per_tag
            for other in neighbours
        ):
            losers.add(place)
        else:
            kept.insert(at, place)
    return losers
