from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.features import FEATURE_SETS, ReportFeatures, trim_silence
from subemo.features.handcrafted import COLUMNS
from subemo.media import audio
from subemo.media.audio import Samples

from ..conftest import speechlike

RATE = 22_050


def by_librosa(samples: Samples) -> np.ndarray:
    """Appendix 9's row, from the five separate calls of the report's source."""
    import librosa

    y = samples.astype(np.float64)
    parts = (
        librosa.feature.zero_crossing_rate(y=y),
        librosa.feature.chroma_stft(S=np.abs(librosa.stft(y)), sr=RATE),
        librosa.feature.mfcc(y=y, sr=RATE),
        librosa.feature.rms(y=y),
        librosa.feature.melspectrogram(y=y, sr=RATE),
    )
    return np.concatenate([part.T.mean(axis=0) for part in parts])


def assert_same(ours: np.ndarray, theirs: np.ndarray) -> None:
    difference = np.abs(ours - theirs)
    close = (difference <= 1e-4 * np.abs(theirs)) | (difference <= 1e-6)
    assert close.all(), f"columns {np.flatnonzero(~close)}"


def test_every_value_is_librosas() -> None:
    pytest.importorskip("librosa")
    for seed in range(4):
        samples = speechlike(1.5, seed=seed)
        assert_same(ReportFeatures().table_row(samples), by_librosa(samples))


def test_every_value_is_librosas_on_real_clips(corpora: Path) -> None:
    pytest.importorskip("librosa")
    paths = sorted(corpora.glob("*/*/*.flac"))[::97]
    assert len(paths) > 15
    for path in paths:
        samples = trim_silence(audio.load(path, sample_rate=RATE))
        assert_same(ReportFeatures().table_row(samples), by_librosa(samples))


def test_table_has_162_columns_and_the_network_takes_161() -> None:
    features = ReportFeatures()
    row = features.table_row(speechlike(1))
    assert row.shape == (162,) == (sum(width for _, width in COLUMNS),)
    np.testing.assert_array_equal(features.extract(speechlike(1)), row[:161])


def test_registry_knows_it() -> None:
    assert FEATURE_SETS["report-161"].sample_rate == RATE
    assert FEATURE_SETS["report-161"].size == 161
