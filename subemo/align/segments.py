"""Spans of a film, and their sound cut from the stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..core.times import DAY_MS
from ..media.audio import Samples

#: Longer spans are analysed in windows of at most this many milliseconds.
MAX_WINDOW_MS = 10_000

#: A longer cue is not a single line of speech; only its beginning is analysed, which also
#: limits the work that a hostile file can cause.
LONGEST_CUE_MS = 60_000


@dataclass(frozen=True, order=True)
class Span:
    """A span of the film to classify.

    Attributes:
        start_ms: first millisecond
        end_ms: the millisecond after the last; not before `start_ms`
        cue: index of its cue, from 0

    Example:
        >>> Span(1_000, 3_500, cue=0).end_ms
        3500
    """

    start_ms: int
    end_ms: int
    cue: int


@dataclass(frozen=True, eq=False)
class Segment:
    """A span and its mono sound, which is shorter than the span at the film's end.

    Example:
        >>> Segment(Span(0, 1_000, cue=0), np.zeros(16_000, np.float32)).samples.shape
        (16000,)
    """

    span: Span
    samples: Samples = field(repr=False)


def windows(start_ms: int, end_ms: int, *, longest_ms: int) -> list[tuple[int, int]]:
    """Splits a span into the fewest equal parts of at most *longest_ms*.

    >>> windows(0, 25_000, longest_ms=10_000)
    [(0, 8333), (8333, 16666), (16666, 25000)]
    """
    length = end_ms - start_ms
    count = max(1, -(-length // longest_ms))
    edges = [start_ms + length * i // count for i in range(count + 1)]
    return list(pairwise(edges))


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


def cut(blocks: Iterable[Samples], spans: Sequence[Span], *, sample_rate: int) -> Iterator[Segment]:
    """Cuts the sound of every span, exact to the sample, in one pass over the film.

    Spans may overlap, touch, repeat, be empty or lie past the end, in any
    order. Only the sound of open spans is kept in memory, and reading stops
    once the last span is complete.

    Args:
        blocks: the film's sound from its time 0 on, in order
        spans: what to cut
        sample_rate: of the blocks, in hertz

    Yields:
        one segment per span, in the order of their ends
    """
    coming = deque(sorted(spans))
    open_spans: list[Span] = []
    kept: deque[Samples] = deque()
    kept_from = position = 0

    def sample(milliseconds: int) -> int:
        return (milliseconds * sample_rate + 500) // 1000

    def segment(span: Span) -> Segment:
        first = max(sample(span.start_ms), kept_from)
        last = max(first, min(sample(span.end_ms), position))
        return Segment(span, _slice(kept, first - kept_from, last - kept_from))

    for block in blocks:
        kept.append(block)
        position += block.size
        while coming and sample(coming[0].start_ms) < position:
            open_spans.append(coming.popleft())
        complete = [span for span in open_spans if sample(span.end_ms) <= position]
        open_spans = [span for span in open_spans if sample(span.end_ms) > position]
        yield from map(segment, complete)
        if not coming and not open_spans:
            return
        needed_from = min((sample(span.start_ms) for span in open_spans), default=position)
        while kept and kept_from + kept[0].size <= needed_from:
            kept_from += kept.popleft().size
    yield from map(segment, [*open_spans, *coming])


def _slice(blocks: Iterable[Samples], first: int, last: int) -> Samples:
    """Samples *first* to *last* of the concatenated blocks."""
    parts = []
    offset = 0
    for block in blocks:
        if offset >= last:
            break
        parts.append(block[max(0, first - offset) : last - offset])
        offset += block.size
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)
