"""Synthesises whispers from speech by replacing the excitation with noise, in two ways.

One is for training and the other for tests, so that the model does not learn the
method of synthesis. Their figures are called synthetic.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...media.audio import Samples

_FRAME, _HOP = 400, 100
_ORDER = 20
#: Whispered formants are higher (Kallail and Emanuel, 1984), and the spectrum tilts less.
_PRE_EMPHASIS = 0.97


def by_prediction(samples: Samples, generator: np.random.Generator) -> Samples:
    """LinearLayer prediction, its residual replaced by white noise of the same energy, frame by frame.

    For training.

    Args:
        samples: speech at 16 kHz, shape (samples,)
        generator: source of the noise and of the spectral tilt
    """
    from scipy.linalg import solve_toeplitz
    from scipy.signal import lfilter

    emphasis = generator.uniform(0.5, 0.97)
    flat = lfilter([1, -emphasis], [1], samples).astype(np.float64)
    window = np.hanning(_FRAME)
    whisper = np.zeros(flat.size + _FRAME)
    for start in range(0, flat.size - _FRAME, _HOP):
        frame = flat[start : start + _FRAME] * window
        correlation = np.correlate(frame, frame, "full")[_FRAME - 1 : _FRAME + _ORDER]
        if correlation[0] < 1e-9:
            continue
        correlation[0] *= 1 + 1e-4
        taps = solve_toeplitz(correlation[:-1], correlation[1:])
        residual = max(correlation[0] - taps @ correlation[1:], 1e-12)
        noise = generator.standard_normal(_FRAME) * np.sqrt(residual / _FRAME)
        whisper[start : start + _FRAME] += lfilter([1], [1, *-taps], noise) * window
    return _levelled(whisper[: samples.size], samples)


def by_envelope(samples: Samples, generator: np.random.Generator) -> Samples:
    """Applies the cepstral envelope of each frame to noise (a short-time spectral vocoder).

    For tests.

    Args:
        samples: speech at 16 kHz, shape (samples,)
        generator: source of the noise
    """
    from scipy.signal import istft, stft

    hertz, _, spectra = stft(samples, 16_000, nperseg=512, noverlap=384)
    log = np.log(np.abs(spectra) + 1e-7)
    mirrored = np.concatenate([log, log[-2:0:-1]])
    cepstrum = np.fft.ifft(mirrored, axis=0).real
    # Quefrencies below the shortest pitch period describe the vocal tract only.
    cepstrum[28:-27] = 0
    envelope = np.exp(np.fft.fft(cepstrum, axis=0).real[: len(log)])
    tilt = np.clip((hertz / 1000) ** 0.8, 0.15, 3)[:, None]
    _, _, noise = stft(generator.standard_normal(samples.size), 16_000, nperseg=512, noverlap=384)
    frames = min(noise.shape[1], envelope.shape[1])
    _, whisper = istft(
        (envelope * tilt)[:, :frames] * noise[:, :frames], 16_000, nperseg=512, noverlap=384
    )
    return _levelled(np.pad(whisper, (0, max(0, samples.size - whisper.size))), samples)


def _levelled(whisper: npt.NDArray[np.float64], samples: Samples) -> Samples:
    """Sets the level of the original speech, so that level carries no information."""
    whisper = whisper[: samples.size]
    power = max(float(np.mean(whisper**2)), 1e-12)
    gain = np.sqrt(float(np.mean(np.square(samples, dtype=np.float64))) / power)
    return np.asarray(np.clip(whisper * gain, -1, 1), np.float32)
