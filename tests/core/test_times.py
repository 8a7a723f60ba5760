from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.times import Stopwatch, clock, clock_in_days


@given(st.integers(0, 10**9))
def test_a_clock_can_be_read_back(milliseconds: int) -> None:
    hours, minutes, seconds = clock(milliseconds).split(":")
    assert len(hours) >= 2
    assert (len(minutes), len(seconds)) == (2, 6)
    read = (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)
    assert read == milliseconds


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0:00:00"), (-0.4, "0:00:00"), (86_400, "day 1, 0:00:00"), (-90_061, "-day 1, 1:01:01")],
)
def test_times_that_no_film_has(seconds: float, shown: str) -> None:
    assert clock_in_days(seconds) == shown


def test_a_stopwatch_runs_from_when_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    watch = Stopwatch()
    assert watch.seconds == 0
    now = 102.5
    assert watch.seconds == 2.5
