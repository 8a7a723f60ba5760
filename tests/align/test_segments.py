from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.align import Span, cut, windows
from subemo.media.audio import Samples

RATE = 22_050
FILM = np.arange(5 * RATE, dtype=np.float32)  # every sample tells where it is from


def blocks(size: int = RATE) -> Iterator[Samples]:
    for start in range(0, FILM.size, size):
        yield FILM[start : start + size]


def expected(span: Span) -> Samples:
    first, last = (round(ms * RATE / 1000 + 1e-9) for ms in (span.start_ms, span.end_ms))
    return FILM[first:last]


times = st.integers(0, 7_000)
spans = st.lists(st.tuples(times, times), max_size=12).map(
    lambda pairs: [Span(min(pair), max(pair), i) for i, pair in enumerate(pairs)]
)


@given(spans, st.integers(1, 3 * RATE))
def test_every_span_is_cut_exactly(wanted: list[Span], block_size: int) -> None:
    segments = list(cut(blocks(max(block_size, 500)), wanted, sample_rate=RATE))
    assert sorted(segment.span for segment in segments) == sorted(wanted)
    for segment in segments:
        reference = expected(segment.span)
        assert abs(segment.samples.size - reference.size) <= 1
        if reference.size > 1:
            assert abs(segment.samples[0] - reference[0]) <= 1
            assert abs(segment.samples[-1] - reference[-1]) <= 1


def test_past_the_end_is_empty_or_short() -> None:
    short, empty = cut(blocks(), [Span(4_500, 6_000, 0), Span(8_000, 9_000, 1)], sample_rate=RATE)
    assert short.samples.size == RATE // 2
    assert empty.samples.size == 0


def test_nothing_is_decoded_behind_the_last_span() -> None:
    asked = []

    def watched() -> Iterator[Samples]:
        for number, block in enumerate(blocks()):
            asked.append(number)
            yield block

    list(cut(watched(), [Span(0, 1_500, 0)], sample_rate=RATE))
    assert asked == [0, 1]


def test_memory_holds_only_open_spans() -> None:
    import tracemalloc

    def long_film() -> Iterator[Samples]:
        for _ in range(600):  # ten minutes
            yield np.zeros(RATE, dtype=np.float32)

    short = [Span(start, start + 2_000, i) for i, start in enumerate(range(0, 590_000, 3_000))]
    tracemalloc.start()
    for _ in cut(long_film(), short, sample_rate=RATE):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 4 * RATE  # ten seconds of sound


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(1_000, 20_000))
def test_windows_tile_the_stretch(start: int, length: int, longest: int) -> None:
    parts = windows(start, start + length, longest_ms=longest)
    assert parts[0][0] == start
    assert parts[-1][1] == start + length
    assert all(a[1] == b[0] for a, b in pairwise(parts))
    lengths = [end - begin for begin, end in parts]
    assert max(lengths) <= longest
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize("size", [0, 1])
def test_film_without_sound(size: int) -> None:
    (segment,) = cut([np.zeros(size, dtype=np.float32)], [Span(0, 1_000, 0)], sample_rate=RATE)
    assert segment.samples.size == size
