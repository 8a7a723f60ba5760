"""How a film's time is laid out on paper: rows like lines of text, and names that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: A film up to this long is one row.
_ONE_ROW_MS = 4 * 60_000
_MOST_ROWS = 9
_MINUTE_MS = 60_000
#: How long a row may be, and how far its times are apart.
_ROWS = (
    (5 * _MINUTE_MS, 30_000), (10 * _MINUTE_MS, _MINUTE_MS), (15 * _MINUTE_MS, _MINUTE_MS),
    (20 * _MINUTE_MS, 2 * _MINUTE_MS), (30 * _MINUTE_MS, 2 * _MINUTE_MS), (60 * _MINUTE_MS, 5 * _MINUTE_MS),
)  # fmt: skip
_STEPS = (1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000)
_MOST_TICKS = 16


@dataclass(frozen=True)
class Rows:
    """A film's time in rows of one length.

    Attributes:
        span_ms: of a row
        step_ms: between the times that are written under it
        count: how many there are
    """

    span_ms: int
    step_ms: int
    count: int

    def start_ms(self, row: int) -> int:
        """Where a row begins."""
        return row * self.span_ms


def rows_of(duration_ms: int) -> Rows:
    """The rows of a film.

    Args:
        duration_ms: of the film, 1 or more

    >>> rows_of(52_000), rows_of(2 * 3_600_000)
    (Rows(span_ms=52000, step_ms=5000, count=1), Rows(span_ms=900000, step_ms=60000, count=8))
    """
    if duration_ms <= _ONE_ROW_MS:
        step = next((s for s in _STEPS if duration_ms <= s * _MOST_TICKS), _STEPS[-1])
        return Rows(duration_ms, step, 1)
    for longest, step in _ROWS:
        count = -(-duration_ms // longest)
        if count <= _MOST_ROWS:
            # All of them alike, so that the last is no stump.
            return Rows(-(-duration_ms // (count * step)) * step, step, count)
    span = -(-duration_ms // (_MOST_ROWS * 10 * _MINUTE_MS)) * 10 * _MINUTE_MS
    return Rows(span, span // 10, -(-duration_ms // span))


def short_clock(ms: int) -> str:
    """A time as people write it.

    >>> short_clock(65_000), short_clock(3_600_000)
    ('1:05', '1:00:00')
    """
    hours, rest = divmod(round(ms / 1000), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def in_words(ms: int) -> str:
    """A duration for a heading.

    >>> in_words(52_000), in_words(7_260_000)
    ('52 s', '2 h 1 min')
    """
    seconds = round(ms / 1000)
    if seconds < 120:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def lanes_of(
    wanted: Sequence[tuple[float, float]], *, left: float, right: float, lanes: int, gap: float
) -> list[tuple[int, float] | None]:
    """Where names stand so that none covers another.

    Each is put into the lowest lane in which it fits with its middle over its place, or moved a
    little to the inside at an end of the row.

    Args:
        wanted: the place and the width of each, by place
        left: where the row begins
        right: where it ends
        lanes: how many there are above each other
        gap: what is left free between two

    Returns:
        of each its lane, from 0, and where it begins; None where there is no room

    >>> lanes_of([(5, 4), (6, 4), (7, 4)], left=0, right=20, lanes=2, gap=1)
    [(0, 3.0), (1, 4.0), None]
    """
    free = [left] * lanes
    found: list[tuple[int, float] | None] = []
    for place, width in wanted:
        start = min(max(left, place - width / 2), right - width)
        lane = next((lane for lane, at in enumerate(free) if at <= start), None)
        if lane is None:
            found.append(None)
            continue
        free[lane] = start + width + gap
        found.append((lane, start))
    return found
