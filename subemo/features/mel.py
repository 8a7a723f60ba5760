"""Whisper's log mel spectrogram (Radford et al., 2022, section 2.2).

The values are those of OpenAI's implementation (MIT licence); the tests compare
them with faster-whisper's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy.fft

from ..media.audio import Samples
from .stft import mel_filters

Mel = npt.NDArray[np.float32]

SAMPLE_RATE = 16_000
N_FFT = 400
HOP_LENGTH = 160
N_MELS = 80


@lru_cache(maxsize=1)
def _window() -> npt.NDArray[np.float32]:
    return np.hanning(N_FFT + 1)[:-1].astype(np.float32)


@lru_cache(maxsize=1)
def _filters() -> npt.NDArray[np.float32]:
    return mel_filters(SAMPLE_RATE, N_MELS, n_fft=N_FFT).astype(np.float32)


def log_mel(samples: Samples) -> Mel:
    """Whisper's log mel spectrogram.

    Args:
        samples: mono, at `SAMPLE_RATE`, shape (samples,), more than half of `N_FFT`

    Returns:
        shape (`N_MELS`, frames), one frame every 10 ms; about -1 to 1.5, at most
        2 (80 dB) below the loudest value
    """
    padded = np.pad(samples.astype(np.float32), (0, HOP_LENGTH))
    centred = np.pad(padded, N_FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(centred, N_FFT)[:-1:HOP_LENGTH]
    spectra = scipy.fft.rfft(frames * _window(), axis=-1)
    power = spectra.real**2 + spectra.imag**2
    decades = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    decades = np.maximum(decades, decades.max() - 8.0)
    return np.ascontiguousarray((decades + 4.0) / 4.0, dtype=np.float32)
