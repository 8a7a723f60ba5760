from __future__ import annotations

from pathlib import Path

import numpy as np

from subemo.align import Span
from subemo.analysis.features import SpanFeatures
from subemo.analysis.predictions import CachedPredictions, CuePrediction, add_vocals
from subemo.core.cache import Cache
from subemo.core.emotions import Prediction
from subemo.core.sounds import Sound, VocalProbabilities

from ..sounds.test_detection import frames, weights

MOOD = Prediction((0.3, *(0.1,) * 7))


def test_cues_with_enough_sound_are_heard_and_no_others() -> None:
    laugh = frames(12, 0)
    found = [
        SpanFeatures(Span(0, 2000, 0), 2000, lambda: frames(12, 7)),
        SpanFeatures(Span(3000, 3100, 1), 100, None),
        SpanFeatures(Span(4000, 9000, 2), 5000, lambda: frames(12, 7)),
        SpanFeatures(Span(9000, 14_000, 2), 5000, lambda: laugh),
    ]
    vocal = [one.vocal for one in add_vocals(found, [CuePrediction(MOOD, 1)] * 3, weights())]
    assert vocal[1] is None
    assert vocal[0] is not None
    assert vocal[2] is not None
    assert vocal[0].probability(Sound.LAUGH) < 0.01 < 0.99 < vocal[2].probability(Sound.LAUGH)


def test_a_film_in_which_nothing_sounds() -> None:
    assert add_vocals([], [CuePrediction(None, 0)], weights()) == [CuePrediction(None, 0)]


def test_what_is_heard_is_cached(tmp_path: Path) -> None:
    vocal = VocalProbabilities((0.9, *(0.0,) * 6), (0.25, 0.5))
    predictions = [CuePrediction(MOOD, 2000, vocal=vocal), CuePrediction(None, 0)]
    kept = CachedPredictions(Cache(tmp_path), Cache.key(b"film"), has_sounds=True)
    assert list(kept.put(predictions)) == []
    assert kept.get(2) == predictions
    without = CachedPredictions(Cache(tmp_path), Cache.key(b"other"))
    assert list(without.put(predictions)) == []
    assert without.get(2) == [CuePrediction(MOOD, 2000), CuePrediction(None, 0)]


def test_a_probability_that_cannot_be_is_a_miss(tmp_path: Path) -> None:
    kept = CachedPredictions(Cache(tmp_path), Cache.key(b"film"), has_sounds=True)
    kept.cache.put(kept.key, np.array([[*MOOD.probabilities, 500, 1.5, *(0.0,) * 8]]))
    assert kept.get(1) is None
