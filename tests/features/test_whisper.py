from __future__ import annotations

import pickle

import numpy as np
import pytest

from subemo.features import FEATURE_SETS, WhisperFrames
from subemo.features.encoder import load_encoder
from subemo.features.mel import log_mel

from ..conftest import speechlike

RATE = 16_000


@pytest.mark.parametrize(("seconds", "frames"), [(0.3, 3), (1.2, 11), (10.0, 84)])
def test_a_frame_every_120_milliseconds(seconds: float, frames: int) -> None:
    features = WhisperFrames()
    found = features.extract(speechlike(seconds, sample_rate=RATE))
    assert found.shape == (frames, features.size)
    assert found.dtype == np.float16
    assert np.isfinite(found).all()


def test_a_frame_is_the_mean_of_six_rows() -> None:
    features = WhisperFrames()
    samples = speechlike(1.0, sample_rate=RATE)
    encoder = load_encoder(None, layers=2, compute_type="float32", sha256=features.sha256)
    rows = encoder.encode(log_mel(samples))
    found = features.extract(samples)
    np.testing.assert_allclose(found[0], rows[:6].mean(axis=0), atol=2e-2)
    np.testing.assert_allclose(found[-1], rows[48:].mean(axis=0), atol=2e-2)


def test_its_parameters_say_whose_weights_they_are() -> None:
    assert FEATURE_SETS["whisper-frames"] == WhisperFrames()
    parameters = WhisperFrames().parameters()
    assert parameters["encoder_sha256"] == WhisperFrames().sha256
    assert parameters != WhisperFrames(layers=3).parameters()


def test_other_processes_get_the_same() -> None:
    assert pickle.loads(pickle.dumps(WhisperFrames())) == WhisperFrames()
