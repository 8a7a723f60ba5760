"""What sounds are assumed to say about emotions, and what that does to single cues."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.sounds import SOUNDS, Sound
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import MOST_BY_SOUND
from subemo.research.films.answers import read_answers
from subemo.research.sounds.moods import (
    MoodClips,
    assumed_moods,
    effects,
    mood_counts,
)
from subemo.sounds.weights import find_weights

ANSWERS = Path(__file__).parents[3] / "docs" / "films" / "answers-default.csv"
HAPPY, SAD = EMOTIONS.index(Emotion.HAPPY), EMOTIONS.index(Emotion.SAD)


def test_the_shipped_shares_are_the_assumed_ones_and_within_the_bound() -> None:
    bundle = read_bundle(find_bundle("subemo-crnn"))
    features = {"name": bundle.features.name, "parameters": dict(bundle.features.parameters())}
    weights = find_weights("subemo-crnn", features)
    assert weights is not None
    assert weights.moods == assumed_moods()
    for of in weights.moods.values():
        assert max(of.values()) / min(of.values()) <= MOST_BY_SOUND


def test_clips_are_counted_by_the_sound_that_a_cue_would_show() -> None:
    clips = MoodClips(
        np.array([HAPPY, HAPPY, SAD]),
        np.zeros(3, np.int64),
        np.ones(3, np.int64),
        np.zeros((3, 2), np.float16),
    )
    peaks = np.zeros((3, len(SOUNDS)))
    peaks[0, SOUNDS.index(Sound.LAUGH)] = 0.9
    peaks[1, SOUNDS.index(Sound.LAUGH)] = 0.4
    peaks[2, [SOUNDS.index(Sound.LAUGH), SOUNDS.index(Sound.SOB)]] = 0.6, 0.8
    counts = mood_counts(clips, peaks, np.full(len(SOUNDS), 0.5))
    assert counts.clips[Emotion.HAPPY] == 2
    assert counts.shown[Sound.LAUGH] == {one: int(one is Emotion.HAPPY) for one in EMOTIONS}
    assert counts.shown[Sound.SOB][Emotion.SAD] == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_sound_makes_more_of_its_emotion_certain_and_unmakes_others(place: int) -> None:
    effect = effects(read_answers(ANSWERS), 0.77)[place]
    before, after, of = effect.agreeing
    wrong, more, others = effect.contradicting
    assert before < after <= of
    assert wrong < more <= others
    assert effect.kept[1] < effect.kept[0]
    # The assumption is conservative: right cues gain more than wrong ones.
    assert (after - before) / of > (more - wrong) / others
