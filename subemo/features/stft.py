"""Short-time spectra and features of them, in NumPy and SciPy.

The definitions are librosa's (0.11, ISC licence), with its defaults; librosa
itself is not imported, because its first use takes seconds. The tests compare
every function here with librosa's.

Spectra have the shape (frames, bins): one row per frame.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.fft

Array = npt.NDArray[np.float64]

N_FFT = 2048
HOP_LENGTH = 512


@lru_cache(maxsize=1)
def _window() -> Array:
    # A periodic Hann window, as for spectral analysis.
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)


def frames(padded: Array) -> Array:
    """Overlapping frames of a signal, a view of the shape (frames, N_FFT)."""
    return np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH]


def _array(values: Any) -> Array:
    return np.asarray(values, dtype=np.float64)


def magnitude_stft(samples: Array) -> Array:
    """Magnitude of the centred, zero-padded STFT, shape (frames, 1 + N_FFT / 2)."""
    centred = np.pad(samples, N_FFT // 2)
    spectra: Array = np.abs(scipy.fft.rfft(frames(centred) * _window(), axis=-1))
    return spectra


def rms(samples: Array) -> Array:
    """Root mean square of each centred frame, shape (frames,)."""
    framed = frames(np.pad(samples, N_FFT // 2))
    return _array(np.sqrt(np.einsum("ij,ij->i", framed, framed) / N_FFT))


def zero_crossing_rate(samples: Array) -> Array:
    """Share of sample pairs in each centred frame that change sign, shape (frames,)."""
    # As in librosa, values within 1e-10 of zero count as positive, and the
    # pair that would begin before the frame does not count.
    negative = np.pad(samples, N_FFT // 2, mode="edge") < -1e-10
    changes = np.concatenate(([0], np.cumsum(negative[1:] != negative[:-1])))
    starts = np.arange(0, negative.size - N_FFT + 1, HOP_LENGTH)
    return _array((changes[starts + N_FFT - 1] - changes[starts]) / N_FFT)


def _hz_to_octaves(frequencies: Array, tuning: float) -> Array:
    return _array(np.log2(frequencies / (440.0 * 2.0 ** (tuning / 12) / 16)))


def estimate_tuning(magnitudes: Array, sample_rate: int) -> float:
    """Deviation of the spectral peaks from A440 tuning.

    Args:
        magnitudes: magnitude STFT, shape (frames, bins)
        sample_rate: in hertz

    Returns:
        fraction of a semitone, -0.5 to 0.5, in steps of 0.01
    """
    fft_frequencies = np.arange(magnitudes.shape[1]) * sample_rate / N_FFT
    (feasible,) = np.nonzero((fft_frequencies >= 150.0) & (fft_frequencies < 4000.0))
    low, high = feasible[0], feasible[-1] + 1

    floor = 0.1 * magnitudes.max(axis=1, keepdims=True)
    left, here, right = (magnitudes[:, low + k : high + k] for k in (-1, 0, 1))
    peaks = (here > floor) & (here > np.where(left > floor, left, 0))
    peaks &= here >= np.where(right > floor, right, 0)

    # Parabolic interpolation around each peak.
    left, here, right = left[peaks], here[peaks], right[peaks]
    slope = (right - left) / 2
    curvature = right + left - 2 * here
    shift = np.zeros_like(here)
    np.divide(-slope, curvature, out=shift, where=np.abs(slope) < np.abs(curvature))
    pitches = (np.nonzero(peaks)[1] + low + shift) * sample_rate / N_FFT
    heights = here + 0.5 * slope * shift
    if not pitches.size:
        return 0.0

    pitches = pitches[heights >= np.median(heights)]
    residual = np.mod(12 * _hz_to_octaves(pitches, 0.0), 1.0)
    residual[residual >= 0.5] -= 1.0
    counts, edges = np.histogram(residual, np.linspace(-0.5, 0.5, 101))
    return float(edges[np.argmax(counts)])


@lru_cache(maxsize=128)
def _chroma_filters(sample_rate: int, tuning: float) -> Array:
    """Gaussian chroma filters, shape (12, bins), after Ellis's chroma_map."""
    octaves = _hz_to_octaves(np.linspace(0, sample_rate, N_FFT, endpoint=False)[1:], tuning)
    chroma = 12 * octaves
    # The bin of 0 Hz is assigned a pitch, 1.5 octaves below the first bin.
    chroma = np.concatenate(([chroma[0] - 18], chroma))
    widths = np.concatenate((np.maximum(np.diff(chroma), 1.0), [1]))
    distance = np.remainder(chroma - np.arange(12.0)[:, None] + 6 + 120, 12) - 6
    weights = np.exp(-0.5 * (2 * distance / widths) ** 2)
    weights /= np.linalg.norm(weights, axis=0)
    weights *= np.exp(-0.5 * ((chroma / 12 - 5.0) / 2.0) ** 2)
    # Rolled so that the first row is C, not A.
    return np.ascontiguousarray(np.roll(weights, -3, axis=0)[:, : 1 + N_FFT // 2])


def chroma(magnitudes: Array, sample_rate: int) -> Array:
    """Energy in each of the twelve pitch classes, each frame's largest being 1.

    Args:
        magnitudes: magnitude STFT, shape (frames, bins)
        sample_rate: in hertz

    Returns:
        shape (frames, 12), values 0 to 1, from C
    """
    tuning = estimate_tuning(magnitudes, sample_rate)
    energy = magnitudes @ _chroma_filters(sample_rate, tuning).T
    largest = energy.max(axis=1, keepdims=True)
    tiny = np.finfo(np.float32).tiny
    return energy / np.where(largest < tiny, 1.0, largest)


def _hz_to_mel(frequencies: Array) -> Array:
    # Slaney's scale: linear up to 1 kHz, logarithmic above.
    logarithmic = 15.0 + 27.0 * np.log(np.maximum(frequencies, 1000.0) / 1000.0) / np.log(6.4)
    return np.where(frequencies < 1000.0, frequencies * 3 / 200.0, logarithmic)


def _mel_to_hz(mels: Array) -> Array:
    return np.where(
        mels < 15.0, mels * 200.0 / 3, 1000.0 * np.exp(np.log(6.4) / 27.0 * (mels - 15.0))
    )


@lru_cache(maxsize=4)
def mel_filters(sample_rate: int, n_mels: int, *, n_fft: int = N_FFT) -> Array:
    """Slaney-normalised triangular filters, shape (n_mels, 1 + n_fft / 2)."""
    nyquist = np.array([sample_rate / 2])
    edges = _mel_to_hz(np.linspace(0.0, _hz_to_mel(nyquist)[0], n_mels + 2))
    distance = edges[:, None] - np.arange(1 + n_fft // 2) * sample_rate / n_fft
    widths = np.diff(edges)[:, None]
    rising = -distance[:-2] / widths[:-1]
    falling = distance[2:] / widths[1:]
    weights = np.maximum(0, np.minimum(rising, falling))
    return weights * (2.0 / (edges[2:] - edges[:-2]))[:, None]


def mel_spectrogram(magnitudes: Array, sample_rate: int, *, n_mels: int = 128) -> Array:
    """Power in each mel band, shape (frames, n_mels)."""
    return magnitudes**2 @ mel_filters(sample_rate, n_mels).T


def mfcc(mel_power: Array, *, n_mfcc: int = 20) -> Array:
    """Mel-frequency cepstral coefficients, shape (frames, n_mfcc).

    Args:
        mel_power: power in each mel band, shape (frames, n_mels)
        n_mfcc: number of coefficients, from the 0th
    """
    decibels = 10.0 * np.log10(np.maximum(mel_power, 1e-10))
    decibels = np.maximum(decibels, decibels.max() - 80.0)
    return _array(scipy.fft.dct(decibels, type=2, norm="ortho", axis=-1)[:, :n_mfcc])
