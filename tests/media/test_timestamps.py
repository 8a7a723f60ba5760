from __future__ import annotations

import tempfile
import tracemalloc
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.errors import MediaError
from subemo.media.audio import Samples
from subemo.media.timestamps import LONGEST_OVERLAP_S, LONGEST_SILENCE_S, Stamps, Timeline

RATE = 10
FILM = Path("film.mkv")
#: Runs of sound: where each begins, counted from where the last one ended, and its length.
RUNS = st.lists(
    st.tuples(st.integers(-LONGEST_OVERLAP_S * RATE // 2, 400), st.integers(1, 80)), max_size=8
)


def laid_out(timeline: Timeline, sound: Samples, sizes: list[int]) -> list[Samples]:
    """Handed over in parts of some sizes."""
    edges = [0, *accumulate(sizes), sound.size]
    return [
        piece
        for first, last in pairwise(sorted(min(edge, sound.size) for edge in edges))
        for piece in timeline.place(sound[first:last])
    ]


def painted(runs: list[tuple[int, int]], zero: int) -> list[float]:
    """The plain way: sample by sample onto a film; what has sounded stays."""
    film: list[float] = []
    value = 0
    for start, length in runs:
        for n in range(length):
            value += 1
            at = start + n - zero
            if at >= len(film):
                film += [0.0] * (at - len(film)) + [float(value)]
    return film


class TestTimeline:
    @given(RUNS, st.lists(st.integers(0, 60), max_size=12), st.integers(-50, 50))
    def test_as_the_plain_way_has_it(
        self, steps: list[tuple[int, int]], sizes: list[int], zero: int
    ) -> None:
        runs, end = [], zero
        for step, length in steps:
            runs.append((end + step, length))
            # Not behind what has sounded, so that overlaps do not add up to a jump.
            end = max(end, end + step + length)
        timeline = Timeline(FILM, RATE, zero=zero * 1_000_000 // RATE)
        number = 0
        for start, length in runs:
            timeline.mark(number, start)
            number += length
        pieces = laid_out(timeline, np.arange(1, number + 1, dtype=np.float32), sizes)
        sound = np.concatenate([*pieces, np.empty(0, np.float32)])
        assert sound.tolist() == painted(runs, zero)
        assert all(piece.size <= RATE or piece.all() for piece in pieces)

    @given(st.integers(0, 300), st.integers(0, 300))
    def test_a_part_is_a_part_of_the_whole(self, start: int, length: int) -> None:
        def sound(timeline: Timeline) -> Samples:
            for number, stamp in ((0, 5), (40, 100), (80, 135), (120, 260)):
                timeline.mark(number, stamp)
            pieces = laid_out(timeline, np.arange(1, 161, dtype=np.float32), [7] * 30)
            return np.concatenate([*pieces, np.empty(0, np.float32)])

        whole = sound(Timeline(FILM, RATE))
        part = sound(Timeline(FILM, RATE, start=start, stop=start + length))
        assert part.tolist() == whole[start : start + length].tolist()

    def test_silence_takes_no_memory_and_no_time_before_it_is_asked_for(self) -> None:
        timeline = Timeline(FILM, 48_000)
        timeline.mark(0, 20 * 3600 * 48_000)
        tracemalloc.start()
        pieces = timeline.place(np.ones(1, np.float32))
        total = sum(piece.size for piece in pieces)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total == 20 * 3600 * 48_000 + 1
        assert peak < 1_000_000

    @pytest.mark.parametrize(
        ("stamp", "told"),
        [(10 * 365 * 86_400 * RATE, "from 0:00:10 to day 3650, 0:00:00"),
         (LONGEST_SILENCE_S * RATE + 200, "from 0:00:10 to day 1, 0:00:20"),
         (-300, "from 0:00:10 to -0:00:30")],
    )  # fmt: skip
    def test_what_no_player_could_follow(self, stamp: int, told: str) -> None:
        timeline = Timeline(FILM, RATE, remedy="Do this.")
        timeline.mark(0, 0)
        timeline.mark(100, stamp)
        sound = np.ones(101, np.float32)
        with pytest.raises(MediaError, match=rf"film\.mkv: .*{told}.*Do this"):
            laid_out(timeline, sound, [])

    def test_many_long_gaps_are_no_way_around_it(self) -> None:
        timeline = Timeline(FILM, RATE, remedy="Do this.")
        for n in range(10):
            timeline.mark(n, n * 23 * 3600 * RATE)
        with pytest.raises(MediaError, match="jump"):
            for _ in timeline.place(np.ones(10, np.float32)):
                pass

    def test_a_part_that_is_wanted_ends_before_a_jump(self) -> None:
        timeline = Timeline(FILM, RATE, stop=150)
        timeline.mark(0, 0)
        timeline.mark(100, 10**14)
        assert sum(piece.size for piece in laid_out(timeline, np.ones(200, np.float32), [])) == 150
        assert timeline.is_complete

    def test_an_ffmpeg_that_tells_no_times(self) -> None:
        with pytest.raises(MediaError, match="SUBEMO_FFMPEG"):
            list(Timeline(FILM, RATE).place(np.ones(1, np.float32)))


def line(kind: int, value: int) -> bytes:
    return b"[Eval @ 0x7f6a8d4b9250] %d.000000\n" % (kind * 10**15 + value)


def stamp(number: int, time: int) -> bytes:
    return line(1, number) + line(2, 5 * 10**14 + time)


def read(*parts: bytes) -> tuple[list[tuple[int, int]], list[str]]:
    """What is told of a log that grows part by part."""
    with tempfile.TemporaryFile() as log:
        stamps = Stamps(log)
        found: list[tuple[int, int]] = []
        for part in parts:
            log.write(part)
            log.flush()
            found += stamps.news()
        return found, stamps.complaints


class TestStamps:
    def test_numbers_go_on_where_the_format_changes(self) -> None:
        log = stamp(0, -7) + line(3, 100) + line(3, 200) + stamp(230, 900)
        log += stamp(0, 950) + line(3, 100) + stamp(0, 2000)
        assert read(log) == ([(0, -7), (230, 900), (200, 950), (300, 2000)], [])

    def test_complaints_are_told_apart(self) -> None:
        log = b"first\n" + stamp(0, 0) + b"no end" + line(3, 10) + b"[Eval @ 0x1] nan\nlast\n"
        assert read(log) == ([(0, 0)], ["first", "last"])

    @given(st.integers(1, 40))
    def test_lines_may_come_in_halves(self, size: int) -> None:
        log = stamp(0, 3) + b"damage\n" + line(3, 100) + stamp(55, 77)
        parts = [log[n : n + size] for n in range(0, len(log), size)]
        assert read(*parts) == ([(0, 3), (55, 77)], ["damage"])

    @given(
        st.lists(
            st.binary(max_size=40)
            | st.builds(line, st.integers(0, 9), st.integers(0, 10**15 - 1))
            | st.builds(stamp, st.integers(0, 10**6), st.integers(-(10**6), 10**6))
        )
    )
    def test_no_film_can_upset_it(self, parts: list[bytes]) -> None:
        """Words of the film's maker may stand in the log."""
        marks, complaints = read(*parts)
        assert len(complaints) <= 2
        timeline = Timeline(FILM, RATE, stop=1000)
        for number, time in marks:
            timeline.mark(number, time)
        try:
            total = sum(piece.size for piece in timeline.place(np.ones(500, np.float32)))
        except MediaError:
            return
        assert total <= 1000
