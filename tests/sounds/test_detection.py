from __future__ import annotations

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.sounds import EFFORTS, SOUNDS, Effort, Sound, VocalProbabilities
from subemo.sounds.detection import (
    PRIOR_CUES,
    effort_probabilities,
    film_baseline,
    pool,
    sound_peaks,
    summary,
    window_edges,
)
from subemo.sounds.weights import (
    EFFORT_CLASSES,
    MUSIC_CLASSES,
    WINDOW_CLASSES,
    LinearLayer,
    SoundDetector,
)

#: Numbers in a frame of the tests.
SIZE = 9


def weights() -> SoundDetector:
    """A head that hears sound number n where the n-th number of a frame is large."""
    sounds = np.zeros((2 * SIZE, len(WINDOW_CLASSES)), np.float32)
    sounds[:SIZE] = 20 * np.eye(SIZE)
    efforts = np.zeros((2 * SIZE, len(EFFORT_CLASSES)), np.float32)
    efforts[0, EFFORT_CLASSES.index(Effort.SHOUT)] = 10
    return SoundDetector(
        features={"name": "frames", "parameters": {"size": SIZE, "frame_ms": 120}},
        sounds=LinearLayer(sounds, np.zeros(len(WINDOW_CLASSES), np.float32)),
        efforts=LinearLayer(efforts, np.array([-5, -5, 0], np.float32)),
        baseline=np.zeros(2 * SIZE, np.float32),
        music=LinearLayer(
            20 * np.eye(2 * SIZE, len(MUSIC_CLASSES), dtype=np.float32), np.zeros(3, np.float32)
        ),
        music_threshold=0.5,
        thresholds=dict.fromkeys((*SOUNDS, *EFFORTS), 0.5),
        reached=dict.fromkeys((*SOUNDS, *EFFORTS), True),
        moods={
            Sound.LAUGH: {
                emotion: 0.5 if emotion is Emotion.HAPPY else 0.25 for emotion in EMOTIONS
            },
            Sound.SOB: {emotion: 0.5 if emotion is Emotion.SAD else 0.25 for emotion in EMOTIONS},
        },
    )


def frames(count: int, number: int) -> np.ndarray:
    found = np.zeros((count, SIZE), np.float16)
    found[:, number] = 1
    return found


@pytest.mark.parametrize("count", [1, 7, 8, 9, 12, 83])
def test_every_frame_is_in_a_window_and_no_window_is_longer(count: int) -> None:
    edges = window_edges(count, 120)
    assert sorted({at for start, end in edges for at in range(start, end)}) == list(range(count))
    assert max(end - start for start, end in edges) <= 8


def test_a_window_is_mean_and_deviation() -> None:
    rows = pool(np.array([[1.0, 4.0], [3.0, 4.0]]), 120)
    assert rows.tolist() == [[2, 4, 1, 0]]


def test_a_short_sound_within_speech_is_heard_where_it_is_loudest() -> None:
    laugh, speech = SOUNDS.index(Sound.LAUGH), WINDOW_CLASSES.index("speech")
    cue = np.concatenate([frames(20, speech), frames(8, laugh), frames(20, speech)])
    peaks = sound_peaks([cue], weights())
    assert peaks[laugh] > 0.99
    assert np.delete(peaks, laugh).max() < 0.01
    assert sound_peaks([frames(20, speech)], weights()).max() < 0.01


def test_the_windows_of_a_long_cue_count_together() -> None:
    sob, speech = SOUNDS.index(Sound.SOB), WINDOW_CLASSES.index("speech")
    assert sound_peaks([frames(40, speech), frames(9, sob)], weights())[sob] > 0.99


def test_effort_is_against_the_film() -> None:
    head = weights()
    usual = np.stack([summary([frames(10, 1)])] * 200)
    loud = np.stack([summary([frames(10, 0)])] * 200)
    of_quiet = effort_probabilities(loud[:1], film_baseline(usual, head.baseline), head.efforts)
    of_loud = effort_probabilities(loud[:1], film_baseline(loud, head.baseline), head.efforts)
    assert of_quiet[0, 0] > 0.9
    assert of_loud[0, 0] < 0.1


def test_a_film_of_few_cues_is_taken_for_an_ordinary_one() -> None:
    ordinary = np.zeros(3, np.float32)
    one = np.ones((1, 3), np.float32)
    assert film_baseline(one, ordinary) == pytest.approx(np.full(3, 1 / (1 + PRIOR_CUES)))
    assert film_baseline(one[:0], ordinary) is ordinary
    many = np.ones((2000, 3), np.float32)
    assert film_baseline(many, ordinary) == pytest.approx(np.ones(3), abs=0.02)


def test_what_is_heard_has_a_number_for_each() -> None:
    with pytest.raises(ValueError, match="6 sounds"):
        VocalProbabilities((0.0,) * 6, (0.0, 0.0))
