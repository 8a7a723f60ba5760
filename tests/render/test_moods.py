from __future__ import annotations

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.sounds import Sound
from subemo.render.moods import MoodLine, TaggedStretch, mood_line, scenes, tagged_stretches

from .films import film_of

FILM = film_of(
    [
        (10_000, 14_000, Emotion.ANGRY, Emotion.ANGRY),
        (14_500, 18_000, Emotion.ANGRY, "same"),
        (30_000, 33_000, Emotion.NEUTRAL, None),
        (34_000, 38_000, Emotion.SAD, Emotion.SAD),
    ],
    60_000,
)


def line(smoothing_ms: float = 1_000) -> MoodLine:
    return mood_line(FILM.cues, start_ms=0, end_ms=60_000, points=601, smoothing_ms=smoothing_ms)


def test_the_line_is_high_where_a_mood_is_and_low_where_none_is() -> None:
    made = line()
    at = dict(zip(made.times_ms.round().astype(int), made.height, strict=True))
    assert at[14_000] > 0.7
    assert at[31_000] < 0.3
    assert at[25_000] == pytest.approx(0, abs=0.01)
    assert at[50_000] == pytest.approx(0, abs=1e-9)


def test_the_likeliest_mood_is_that_of_the_cues() -> None:
    found = {int(t): EMOTIONS[e] for t, e in zip(line().times_ms, line().likeliest, strict=True)}
    assert (found[12_000], found[36_000]) == (Emotion.ANGRY, Emotion.SAD)


@pytest.mark.parametrize("smoothing_ms", [100, 1_000, 60_000])
def test_shares_are_shares_however_smooth(smoothing_ms: float) -> None:
    made = line(smoothing_ms)
    assert made.moods.shape == (601, 8)
    assert (made.moods >= 0).all()
    assert made.height.max() <= 1
    assert not made.moods[:, [0, 1]].any()


def test_it_has_no_steps() -> None:
    # A point is a tenth of the kernel's width from the next.
    assert np.abs(np.diff(line().height)).max() < 0.1


def test_a_tag_is_in_force_until_the_mood_ends() -> None:
    assert list(tagged_stretches(FILM.cues)) == [
        TaggedStretch(10_000, 18_000, Emotion.ANGRY, 0.8),
        TaggedStretch(34_000, 38_000, Emotion.SAD, 0.8),
    ]


def test_a_sound_without_a_probability_is_no_error() -> None:
    film = film_of([(0, 1_000, Emotion.HAPPY, Sound.LAUGH)], 2_000)
    assert [one.confidence for one in tagged_stretches(film.cues)] == [0.0]


def test_scenes_end_at_long_pauses() -> None:
    assert scenes(FILM.cues) == [(10_000, 18_000), (30_000, 38_000)]
    assert scenes(FILM.cues, pause_ms=20_000) == [(10_000, 38_000)]
    assert scenes([]) == []
