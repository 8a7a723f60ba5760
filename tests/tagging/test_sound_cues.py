"""Which sounds between cues become cues, and when those are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subemo.core.sounds import SCENE_SOUNDS, SOUNDS, FilmSound, SceneSound, Sound, SoundHeard
from subemo.tagging.limits import SHORTEST_GAP_MS
from subemo.tagging.presets import PRESETS, is_our_cue, is_ours
from subemo.tagging.sounds import LONGEST_MS, SHORTEST_MS, ShownStretch, SoundCue, sound_cues
from subemo.tagging.vocabulary import languages

from ..conftest import vocabulary_in

THRESHOLDS: dict[FilmSound, float] = dict.fromkeys((*SOUNDS, *SCENE_SOUNDS), 0.5)


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


def music(start_ms: int, end_ms: int) -> SoundHeard:
    return SoundHeard(start_ms, end_ms, SceneSound.MUSIC, 0.9)


def test_music_is_told_of_where_it_begins_and_once() -> None:
    cues = [ShownStretch(20_000, 22_000), ShownStretch(40_000, 42_000)]
    found = placed([music(1_000, 20_000), music(22_000, 40_000), music(52_100, 60_000)], cues)
    assert times(found) == [(1_000, 4_000), (52_100, 55_100)]
    assert {cue.text for cue in found} == {"[♪]"}


def test_music_makes_room_for_voices() -> None:
    at_start, later, close = laugh(1_200, 2_600), laugh(4_000, 5_000), laugh(2_500, 3_600)
    assert times(placed([music(1_000, 20_000), at_start], [])) == [(1_200, 2_600), (2_684, 5_684)]
    assert times(placed([music(1_000, 20_000), later], [])) == [(1_000, 3_916), (4_000, 5_000)]
    assert times(placed([music(1_000, 20_000), close], [])) == [(1_000, 2_416), (2_500, 3_600)]
    # Where voices leave no second, there is none.
    assert len(placed([music(1_000, 3_000), at_start], [])) == 1


def test_each_language_and_style_has_the_sign_of_music() -> None:
    for language in languages():
        for name, preset in PRESETS.items():
            sign = "(♪)" if name in ("ard", "arcom") else "[♪]"
            assert preset.tag(SceneSound.MUSIC, vocabulary_in(language)) == sign
            assert is_our_cue(sign)
            assert not is_ours(sign)


_STRETCHES = st.builds(
    lambda start, length: (start, start + length), st.integers(0, 60_000), st.integers(0, 5_000)
)


@given(
    heard=st.lists(
        st.tuples(_STRETCHES, st.sampled_from((*SOUNDS, *SCENE_SOUNDS)), st.floats(0, 1)),
        max_size=12,
    ),
    cues=st.lists(_STRETCHES, max_size=12),
)
def test_whatever_is_heard_none_is_over_a_cue(
    heard: list[tuple[tuple[int, int], FilmSound, float]], cues: list[tuple[int, int]]
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
