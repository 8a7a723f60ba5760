from __future__ import annotations

import numpy as np
import pytest

from subemo.features.mel import N_MELS, SAMPLE_RATE, log_mel

from ..conftest import speechlike


def test_as_faster_whisper_computes_it() -> None:
    extractor = pytest.importorskip("faster_whisper.feature_extractor").FeatureExtractor()
    for seconds in (0.3, 1.0, 7.77):
        samples = speechlike(seconds, sample_rate=SAMPLE_RATE)
        np.testing.assert_allclose(log_mel(samples), extractor(samples), atol=2e-5)


def test_a_frame_every_ten_milliseconds() -> None:
    assert log_mel(np.zeros(SAMPLE_RATE, dtype=np.float32)).shape == (N_MELS, 101)


def test_silence_is_finite() -> None:
    assert np.isfinite(log_mel(np.zeros(8_000, dtype=np.float32))).all()
