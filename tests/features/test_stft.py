"""Every measure against librosa's own, on speech-like sound and on what is odd."""

from __future__ import annotations

import numpy as np
import pytest

from subemo.features import stft

from ..conftest import silence, speechlike, tone

librosa = pytest.importorskip("librosa")
pytestmark = pytest.mark.filterwarnings("ignore:n_fft=2048 is too large")

RATE = 22_050
SOUNDS = {
    "speech": speechlike(2),
    "tone": tone(1),
    "short": speechlike(0.3),
    "shorter than a frame": speechlike(0.05),
    "half silent": np.concatenate((speechlike(1), silence(1))),
    "loud": 3 * speechlike(1),
}


@pytest.fixture(params=SOUNDS)
def samples(request: pytest.FixtureRequest) -> stft.Array:
    return SOUNDS[request.param].astype(np.float64)


def test_magnitude(samples: stft.Array) -> None:
    expected = np.abs(librosa.stft(samples)).T
    np.testing.assert_allclose(stft.magnitude_stft(samples), expected, rtol=1e-6, atol=1e-9)


def test_rms(samples: stft.Array) -> None:
    np.testing.assert_allclose(stft.rms(samples), librosa.feature.rms(y=samples)[0], rtol=1e-5)


def test_zero_crossing_rate(samples: stft.Array) -> None:
    expected = librosa.feature.zero_crossing_rate(y=samples)[0]
    np.testing.assert_array_equal(stft.zero_crossing_rate(samples), expected)


@pytest.mark.parametrize("detune", [0.97, 1.0, 1.013])
def test_tuning(detune: float) -> None:
    magnitudes = stft.magnitude_stft(tone(1, hertz=440 * detune).astype(np.float64))
    expected = librosa.estimate_tuning(S=magnitudes.T, sr=RATE, bins_per_octave=12)
    assert stft.estimate_tuning(magnitudes, RATE) == expected


def test_chroma(samples: stft.Array) -> None:
    magnitudes = stft.magnitude_stft(samples)
    expected = librosa.feature.chroma_stft(S=magnitudes.T, sr=RATE).T
    np.testing.assert_allclose(stft.chroma(magnitudes, RATE), expected, rtol=1e-5, atol=1e-7)


def test_mel_spectrogram(samples: stft.Array) -> None:
    expected = librosa.feature.melspectrogram(y=samples, sr=RATE).T
    mel = stft.mel_spectrogram(stft.magnitude_stft(samples), RATE)
    np.testing.assert_allclose(mel, expected, rtol=1e-5, atol=1e-10)


def test_mfcc(samples: stft.Array) -> None:
    expected = librosa.feature.mfcc(y=samples, sr=RATE).T
    mel = stft.mel_spectrogram(stft.magnitude_stft(samples), RATE)
    np.testing.assert_allclose(stft.mfcc(mel), expected, rtol=1e-4, atol=1e-4)


def test_silence_gives_numbers() -> None:
    quiet = silence(1).astype(np.float64)
    magnitudes = stft.magnitude_stft(quiet)
    assert stft.estimate_tuning(magnitudes, RATE) == 0.0
    assert np.isfinite(stft.chroma(magnitudes, RATE)).all()
    assert np.isfinite(stft.mfcc(stft.mel_spectrogram(magnitudes, RATE))).all()
