"""Damaged times are read where there is one way to read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.subtitles.damaged_times import recovered_times


@pytest.mark.parametrize(
    "text",
    [
        ":00:18,500 --> 00:00:20,500",
        "00:18,500 --> 00:20,500",
        "00:00:18,500 -x-> 00:00:20,500",
        "00:00:18,500 -> 00:00:20,500",
        "00:00:18.500 00:00:20.500",
        "00:00:18:500 --> 00:00:20:500",
        "00:00:18,5 --> 00:00:20,50",
        "x 00:00:18,500 --> 00:00:20,500 X1:40 X2:600",
    ],
)
def test_one_way_to_read_them(text: str) -> None:
    assert recovered_times(text) == (18_500, 20_500)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon --> later",
        "00:00:18,500 --> soon",
        "00:00:18,500 --> 00:00:17,000",
        "00:00:18,500 --> 00:10:20,500",
        "-00:00:18,500 --> 00:00:20,500",
        "00:00:78,500 --> 00:01:20,500",
        "00:00:18,500 --> 00:00:20,500 --> 00:00:22,500",
        "00:00:18,5000 --> 00:00:20,500",
        "00:00:1x,500 --> 00:00:20,500",
    ],
)
def test_no_way_or_more_than_one(text: str) -> None:
    assert recovered_times(text) is None


def test_a_cue_is_not_before_the_one_before_it() -> None:
    """An hour that was lost from both times would put it there."""
    assert recovered_times(":10:18,500 --> :10:20,500", after_ms=3_600_000) is None


@given(st.text(), st.integers(min_value=0))
def test_any_text(text: str, after_ms: int) -> None:
    found = recovered_times(text, after_ms=after_ms)
    assert found is None or after_ms <= found[0] < found[1]
