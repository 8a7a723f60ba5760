"""Which sounds between cues become cues, and when those are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subemo.core.sounds import SOUNDS, Sound, SoundHeard, Vocal
from subemo.tagging.limits import SHORTEST_GAP_MS
from subemo.tagging.sound_cues import LONGEST_MS, SHORTEST_MS, ShownStretch, SoundCue, sound_cues

from ..conftest import vocabulary_in

THRESHOLDS: dict[Vocal, float] = dict.fromkeys(SOUNDS, 0.5)


def placed(heard: list[SoundHeard], cues: list[ShownStretch]) -> tuple[SoundCue, ...]:
    return sound_cues(
        heard, cues, THRESHOLDS,
        preset="netflix", vocabulary=vocabulary_in("en"), repeat_after_ms=10_000,
    )  # fmt: skip


def laugh(start_ms: int, end_ms: int, probability: float = 0.9) -> SoundHeard:
    return SoundHeard(start_ms, end_ms, Sound.LAUGH, probability)


def times(found: tuple[SoundCue, ...]) -> list[tuple[int, int]]:
    return [(cue.start_ms, cue.end_ms) for cue in found]


def test_what_is_less_likely_than_its_threshold_is_not_shown() -> None:
    assert placed([laugh(5_000, 6_500, 0.49)], []) == ()
    assert times(placed([laugh(5_000, 6_500)], [])) == [(5_000, 6_500)]


def test_a_short_sound_stays_to_be_read_and_a_long_one_goes() -> None:
    assert times(placed([laugh(5_000, 5_400)], [])) == [(5_000, 6_000)]
    assert times(placed([laugh(5_000, 15_000)], [])) == [(5_000, 8_000)]


def test_it_leaves_the_gap_to_its_neighbours() -> None:
    cues = [ShownStretch(0, 4_950), ShownStretch(7_000, 9_000)]
    assert times(placed([laugh(5_000, 6_990)], cues)) == [(5_034, 6_916)]
    # One that begins late in its gap is shown a little before it.
    late = [ShownStretch(0, 2_000), ShownStretch(6_000, 9_000)]
    assert times(placed([laugh(5_500, 5_900)], late)) == [(4_916, 5_916)]


def test_where_there_is_no_time_to_read_it_there_is_none() -> None:
    assert placed([laugh(5_100, 5_900)], [ShownStretch(0, 5_000), ShownStretch(6_000, 9_000)]) == ()
    assert placed([laugh(5_000, 6_000)], [ShownStretch(5_500, 9_000)]) == ()


def test_one_laugh_is_told_of_once() -> None:
    found = placed([laugh(5_000, 6_500), laugh(9_000, 10_500, 0.8), laugh(30_000, 31_500)], [])
    assert times(found) == [(5_000, 6_500), (30_000, 31_500)]
    assert placed([laugh(5_000, 6_500)], [ShownStretch(0, 4_000, Sound.LAUGH)]) == ()
    assert len(placed([laugh(5_000, 6_500)], [ShownStretch(0, 4_000, Sound.SOB)])) == 1


_STRETCHES = st.builds(
    lambda start, length: (start, start + length), st.integers(0, 60_000), st.integers(0, 5_000)
)


@given(
    heard=st.lists(st.tuples(_STRETCHES, st.sampled_from(SOUNDS), st.floats(0, 1)), max_size=12),
    cues=st.lists(_STRETCHES, max_size=12),
)
def test_whatever_is_heard_none_is_over_a_cue(
    heard: list[tuple[tuple[int, int], Sound, float]], cues: list[tuple[int, int]]
) -> None:
    found = placed(
        [SoundHeard(*pair, sound, probability) for pair, sound, probability in heard],
        [ShownStretch(*pair) for pair in cues],
    )
    for place, cue in enumerate(found):
        assert SHORTEST_MS <= cue.end_ms - cue.start_ms <= LONGEST_MS
        others = [(one.start_ms, one.end_ms) for one in found[:place]]
        for start, end in (*cues, *others):
            assert cue.start_ms >= end + SHORTEST_GAP_MS or cue.end_ms <= start - SHORTEST_GAP_MS
