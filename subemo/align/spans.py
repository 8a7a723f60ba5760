"""The spans of sound that belong to each cue."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.times import DAY_MS
from .segments import MAX_WINDOW_MS, Span, windows

#: A longer cue is not a single line of speech; only its beginning is analysed, which also
#: limits the work that a hostile file can cause.
LONGEST_CUE_MS = 60_000


def spans(times: Iterable[tuple[int, int]]) -> list[Span]:
    """The spans of every cue: its own time, in windows if it is long.

    Args:
        times: start and end of each cue, in milliseconds; one that ends
            before it starts gets one empty span

    Example:
        >>> spans([(0, 2_000), (2_000, 14_000)])
        [Span(start_ms=0, end_ms=2000, cue=0), Span(start_ms=2000, end_ms=8000, cue=1), Span(start_ms=8000, end_ms=14000, cue=1)]
    """
    return [
        Span(start, end, cue)
        for cue, (start_ms, end_ms) in enumerate(times)
        for start, end in windows(
            start_ms,
            max(start_ms, min(end_ms, start_ms + LONGEST_CUE_MS)),
            longest_ms=MAX_WINDOW_MS,
        )
    ]


def whole(duration_ms: int | None) -> list[Span]:
    """The spans of a whole file, all for one cue.

    Args:
        duration_ms: as in the container; if None, or more than a day, there are
            windows for a day, and those after the end of the sound
            stay empty
    """
    end_ms = DAY_MS if duration_ms is None else min(duration_ms, DAY_MS)
    parts = windows(0, end_ms, longest_ms=MAX_WINDOW_MS)
    return [Span(start, end, 0) for start, end in parts]
