from __future__ import annotations

import numpy as np
import pytest
import soxr

from subemo.core.emotions import EMOTIONS, Emotion, Prediction
from subemo.core.errors import SettingsError
from subemo.features import trim_silence
from subemo.model.classifier import Classifier, mean_prediction

from ..conftest import silence, speechlike

RATE = 22_050


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.from_bundle("report-crnn")


def test_probabilities_of_a_clip(classifier: Classifier) -> None:
    prediction = classifier.predict(speechlike(2), RATE)
    assert prediction is not None
    assert len(prediction.probabilities) == 8
    assert sum(prediction.probabilities) == pytest.approx(1, abs=1e-5)
    assert prediction.confidence == max(prediction.probabilities)
    assert prediction.emotion is EMOTIONS[int(np.argmax(prediction.probabilities))]


def test_predict_is_the_three_stages(classifier: Classifier) -> None:
    samples = speechlike(2)
    vector = classifier.extract(samples)
    assert vector is not None
    np.testing.assert_array_equal(vector, classifier.features.extract(trim_silence(samples)))
    assert classifier.classify(vector, classifier.statistics([vector])) == classifier.predict(
        samples, RATE
    )


def test_standardised_with_the_training_rows(classifier: Classifier) -> None:
    statistics = classifier.statistics([np.zeros(161, dtype=np.float32)])
    np.testing.assert_array_equal(statistics.mean, classifier.bundle.mean)


def test_a_list_is_one_film(classifier: Classifier) -> None:
    clips = [speechlike(1), silence(1), speechlike(2, seed=1)]
    predictions = classifier.predict(clips, RATE)
    assert predictions == [classifier.predict(clip, RATE) for clip in clips]
    assert predictions[1] is None
    assert classifier.predict([], RATE) == []


@pytest.mark.parametrize("seconds", [0, 0.1, 0.29])
def test_too_little_sound(classifier: Classifier, seconds: float) -> None:
    assert classifier.predict(speechlike(seconds), RATE) is None


def test_other_sample_rates(classifier: Classifier) -> None:
    samples = speechlike(2)
    at_48k = soxr.resample(samples, RATE, 48_000).astype(np.float32)
    here, there = classifier.predict(samples, RATE), classifier.predict(at_48k, 48_000)
    assert here is not None
    assert there is not None
    np.testing.assert_allclose(here.probabilities, there.probabilities, atol=0.05)


def test_a_long_clip_is_the_mean_of_its_windows(classifier: Classifier) -> None:
    samples = speechlike(18)
    halves = classifier.predict([samples[: 9 * RATE], samples[9 * RATE :]], RATE)
    assert all(halves)
    expected = np.mean([half.probabilities for half in halves if half], axis=0)
    whole = classifier.predict(samples, RATE)
    assert whole is not None
    np.testing.assert_allclose(whole.probabilities, expected, atol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_what_a_file_of_floats_may_hold_is_silence(classifier: Classifier, value: float) -> None:
    samples = speechlike(2)
    samples[1_000:1_010] = value
    silent = np.where(np.abs(samples) <= 1, samples, np.float32(0))
    assert classifier.predict(samples, RATE) == classifier.predict(silent, RATE)
    assert classifier.extract(np.full(RATE, value, dtype=np.float32)) is None


def test_no_such_adaptation(classifier: Classifier) -> None:
    with pytest.raises(SettingsError, match="adaptation cannot be 'banana'"):
        classifier.statistics([], adaptation="banana")


def test_mean_prediction_weighs() -> None:
    sad = Prediction(tuple(float(e is Emotion.SAD) for e in EMOTIONS))
    calm = Prediction(tuple(float(e is Emotion.CALM) for e in EMOTIONS))
    assert mean_prediction([]) is None
    assert mean_prediction([(sad, 5)]) is sad
    mean = mean_prediction([(sad, 3), (calm, 1)])
    assert mean is not None
    assert (mean.emotion, mean.confidence) == (Emotion.SAD, 0.75)
