from __future__ import annotations

import numpy as np
import pytest

from subemo.features.windows import TOP_DB, trim_silence

from ..conftest import silence, speechlike


@pytest.mark.parametrize("gain", [1.0, 0.01])
def test_agrees_with_librosa(gain: float) -> None:
    librosa = pytest.importorskip("librosa")
    hiss = (1e-5 * np.random.default_rng(0).standard_normal(4 * 22_050)).astype(np.float32)
    hiss[22_050 : 3 * 22_050] += speechlike(2)
    samples = np.float32(gain) * hiss
    expected, _ = librosa.effects.trim(samples, top_db=TOP_DB)
    np.testing.assert_array_equal(trim_silence(samples), expected)
    assert expected.size < samples.size


def test_silence_leaves_nothing() -> None:
    assert trim_silence(silence(1)).size == 0
    assert trim_silence(silence(0)).size == 0


def test_a_click_in_silence_leaves_almost_nothing() -> None:
    samples = silence(1)
    samples[10_000] = 0.5
    assert 0 < trim_silence(samples).size <= 6 * 512


def test_sound_without_silence_is_whole() -> None:
    samples = speechlike(1)
    assert trim_silence(samples).size == samples.size
