"""Limits the density of tags: one for each change of emotion, none that flickers."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from ..core.emotions import Emotion

_MINUTE_MS = 60_000


@dataclass(frozen=True)
class TagCandidate:
    """The tag of a run, with what its neighbours need to know.

    Attributes:
        place: position by time of its cue, or of the run's first cue if there is no room
        last: position of the run's last cue
        start_ms: start of the cue at *place*
        end_ms: end of the run's last cue
        emotion: the emotion
        confidence: confidence of the run, 0 to 1
        priority: its information; of two that are too close the greater is shown
        has_room: whether it can be read
    """

    place: int
    last: int
    start_ms: int
    end_ms: int
    emotion: Emotion
    confidence: float
    priority: float
    has_room: bool


@dataclass(frozen=True)
class Caps:
    """The limits on the density of tags.

    Attributes:
        repeat_after_ms: how long a tag stays in force after its emotion was last predicted
        same_tag_ms: shortest time between equal tags, from start to start
        ms_per_tag: shortest time between tags
        cues_per_tag: at most one tag per this many cues in any window
        window_ms: length of the window of *cues_per_tag*
        tags_per_minute: most tags in any minute
        veto_ms: time around a more confident run without room in which other tags are refused
    """

    repeat_after_ms: int
    same_tag_ms: int
    ms_per_tag: int
    cues_per_tag: int
    window_ms: int
    tags_per_minute: int
    veto_ms: int


class Refusal(StrEnum):
    """Why a readable tag is not shown."""

    SAME = "same"
    DENSE = "dense"
    VETOED = "vetoed"


@dataclass(frozen=True)
class FilmCues:
    """The cues of a film, as needed here; places are positions by time.

    Attributes:
        starts_ms: start of each cue, ascending
        speaker_changes: whether the speaker changes, by place
        ends_mood: whether it is confidently neutral or calm, or has its own tag, by place
    """

    starts_ms: Sequence[int]
    speaker_changes: Sequence[bool] = field(default=())
    ends_mood: Sequence[bool] = field(default=())


def limit_density(
    film: FilmCues, candidates: Sequence[TagCandidate], caps: Caps
) -> Mapping[int, Refusal]:
    """Chooses the tags not to show; returns reasons by position in *candidates*.

    A tag is in force until another is shown, the voice is confidently neutral or
    calm, the speaker changes, or its emotion was not predicted for
    `Caps.repeat_after_ms`; until then it is not shown again
    (BBC Subtitle Guidelines 11.3), nor before `Caps.same_tag_ms`. Of tags that
    break another limit the most informative is kept.

    Args:
        film: its cues
        candidates: the runs' tags, by the time of their runs; those without room are never shown
        caps: the limits
    """
    refused = dict.fromkeys(_vetoed(candidates, caps.veto_ms), Refusal.VETOED)
    while True:
        shown, same = _changes_of_mood(film, candidates, refused, caps)
        losers = _losers(film, candidates, shown, caps)
        if not losers:
            return refused | dict.fromkeys(same, Refusal.SAME)
        refused |= dict.fromkeys(losers, Refusal.DENSE)


def _vetoed(candidates: Sequence[TagCandidate], veto_ms: int) -> list[int]:
    """Tags near a more confident run without room, whose tag they could be mistaken for."""
    starts = [one.start_ms for one in candidates]
    found = []
    for at, one in enumerate(candidates):
        first = bisect.bisect_left(starts, one.start_ms - veto_ms)
        last = bisect.bisect_right(starts, one.start_ms + veto_ms)
        if one.has_room and any(
            not other.has_room
            and other.emotion is not one.emotion
            and other.confidence > one.confidence
            for other in candidates[first:last]
        ):
            found.append(at)
    return found


def _changes_of_mood(
    film: FilmCues, candidates: Sequence[TagCandidate], refused: Mapping[int, Refusal], caps: Caps
) -> tuple[list[int], list[int]]:
    """Positions of the tags to show, and of those still in force."""
    shown: list[int] = []
    same: list[int] = []
    in_force: Emotion | None = None
    last_place, last_ms = -1, 0
    shown_ms: dict[Emotion, int] = {}
    for at, one in enumerate(candidates):
        if in_force is not None and (
            _is_broken(film, last_place, one.place) or one.start_ms - last_ms > caps.repeat_after_ms
        ):
            in_force = None
        is_soon = one.start_ms - shown_ms.get(one.emotion, -(10**12)) < caps.same_tag_ms
        if one.emotion is in_force:
            last_place, last_ms = one.last, max(last_ms, one.end_ms)
        if at in refused or not one.has_room:
            continue
        if one.emotion is in_force or is_soon:
            same.append(at)
        else:
            shown.append(at)
            in_force, shown_ms[one.emotion] = one.emotion, one.start_ms
            last_place, last_ms = one.last, one.end_ms
    return shown, same


def _is_broken(film: FilmCues, last_place: int, place: int) -> bool:
    """Whether a tag's force ended between two places: another speaker, or a neutral cue."""
    between = range(last_place + 1, place + 1)
    return any(film.speaker_changes[k] or film.ends_mood[k] for k in between)


def _losers(
    film: FilmCues, candidates: Sequence[TagCandidate], shown: Sequence[int], caps: Caps
) -> set[int]:
    """The tags to drop: too dense, with a more informative neighbour that stays."""
    kept: list[int] = []
    losers: set[int] = set()
    for at in sorted(shown, key=lambda at: (-candidates[at].priority, at)):
        place = bisect.bisect(kept, at)
        with_it = [candidates[other].start_ms for other in (*kept[:place], at, *kept[place:])]
        if _flickers(film, with_it, place, caps):
            losers.add(at)
        else:
            kept.insert(place, at)
    return losers


def _flickers(film: FilmCues, tags_ms: Sequence[int], place: int, caps: Caps) -> bool:
    """Whether the tag at *place* of *tags_ms* exceeds a limit."""
    near = tags_ms[max(0, place - 1) : place + 2]
    if any(b - a < caps.ms_per_tag for a, b in pairwise(near)):
        return True
    reach = max(caps.window_ms, _MINUTE_MS)
    first = bisect.bisect_right(tags_ms, tags_ms[place] - reach)
    for start_ms in tags_ms[first : place + 1]:
        if _count(tags_ms, start_ms, _MINUTE_MS) > caps.tags_per_minute:
            return True
        cues = _count(film.starts_ms, start_ms, caps.window_ms)
        if _count(tags_ms, start_ms, caps.window_ms) > max(1, cues // caps.cues_per_tag):
            return True
    return False


def _count(times_ms: Sequence[int], start_ms: int, window_ms: int) -> int:
    """The number of ascending times within a window from *start_ms*, end excluded."""
    first = bisect.bisect_left(times_ms, start_ms)
    return bisect.bisect_left(times_ms, start_ms + window_ms) - first
