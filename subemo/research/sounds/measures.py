"""Level-independent measures of vocal effort.

Spectral tilt, pitch and voicing change with vocal effort (Traunmüller
and Eriksson, 2000; Zhang and Hansen, 2007, on whispered to shouted speech); the
measures are those of eGeMAPS (Eyben et al., 2016, table 1) where available.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.fft

from ...media.audio import Samples

SAMPLE_RATE = 16_000
#: Frame length, hop length and FFT size in samples; the FFT fits a frame and the longest lag.
_FRAME, _HOP, _FFT = 640, 320, 1024
#: The pitch range in hertz; screams are higher than speech.
_PITCH_HZ = (70.0, 600.0)
#: The edges of the bands that describe the spectrum's shape, in hertz.
_BANDS_HZ = (60, 250, 500, 750, 1000, 1500, 2000, 3000, 4000, 5500, 7800)
#: Frames this far below the loudest are not voice, in dB.
_LOUD_DB = 20.0
#: The normalised autocorrelation at which a frame is voiced.
_VOICED = 0.5

#: The names of the measures, in the order of the array.
MEASURES = (
    *(f"band {low} to {high} Hz" for low, high in pairwise(_BANDS_HZ)),
    "alpha ratio",
    "Hammarberg index",
    "slope 0 to 500 Hz",
    "slope 500 to 1500 Hz",
    "spectral flatness",
    "voiced share",
    "harmonicity, median",
    "harmonicity, upper tenth",
    "pitch, median",
    "pitch, upper tenth",
    "pitch, spread",
    "loud share",
    "level, spread",
    "flux",
)

Row = npt.NDArray[np.float32]
_Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _window() -> npt.NDArray[np.float32]:
    return np.hanning(_FRAME).astype(np.float32)


@lru_cache(maxsize=1)
def _window_correlation() -> npt.NDArray[np.float32]:
    correlation = scipy.fft.irfft(np.abs(scipy.fft.rfft(_window(), _FFT)) ** 2)
    return np.asarray(correlation / correlation[0], np.float32)


def measure(samples: Samples) -> Row | None:
    """The measures of a segment of speech.

    Args:
        samples: mono at `SAMPLE_RATE`, shape (samples,)

    Returns:
        shape (`len(MEASURES)`,), or None for less than a tenth of a second
    """
    if samples.size < 4 * _FRAME:
        return None
    level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    if level < 1e-6:
        return None
    scaled = (samples / level).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(scaled, _FRAME)[::_HOP]
    spectra = scipy.fft.rfft(frames * _window(), _FFT, axis=1)
    power = spectra.real**2 + spectra.imag**2
    levels = 10 * np.log10(power.sum(axis=1) + 1e-9)
    loud = levels > np.percentile(levels, 98) - _LOUD_DB
    power, levels = power[loud].astype(np.float64), levels[loud].astype(np.float64)
    harmonicity, pitch = _periodicity(power)
    voiced = harmonicity > _VOICED
    semitones = 12 * np.log2(pitch[voiced] / 100) if voiced.sum() > 2 else np.zeros(1)
    middle, high = np.percentile(semitones, [50, 90])
    voicing = [
        voiced.mean(),
        np.median(harmonicity),
        np.percentile(harmonicity, 90),
        middle,
        high,
        semitones.std(),
        loud.mean(),
        levels.std(),
        np.abs(np.diff(levels)).mean() if len(levels) > 1 else 0.0,
    ]
    found = [*_shape(power[voiced] if voiced.sum() > 5 else power), *voicing]
    return np.asarray(found, np.float32)


def _shape(power: _Floats) -> list[float]:
    """Measures of the long-term spectrum: relative bands, ratios, slopes, flatness; in dB."""
    hertz = np.arange(power.shape[1]) * SAMPLE_RATE / _FFT
    whole = power.sum(axis=0) + 1e-9

    def decibels(low: float, high: float) -> float:
        return float(10 * np.log10(whole[(hertz >= low) & (hertz < high)].sum()))

    def peak(low: float, high: float) -> float:
        return float(10 * np.log10(whole[(hertz >= low) & (hertz < high)].max()))

    def slope(low: float, high: float) -> float:
        inside = (hertz >= low) & (hertz < high)
        return float(np.polyfit(hertz[inside] / 1000, 10 * np.log10(whole[inside]), 1)[0])

    total = decibels(60, 7800)
    bands = [decibels(a, b) - total for a, b in pairwise(_BANDS_HZ)]
    inside = (hertz > 300) & (hertz < 7000)
    flatness = float(np.mean(np.log(whole[inside])) - np.log(np.mean(whole[inside])))
    return [
        *bands,
        decibels(1000, 5000) - decibels(50, 1000),
        peak(0, 2000) - peak(2000, 5000),
        slope(20, 500),
        slope(500, 1500),
        flatness,
    ]


def _periodicity(power: _Floats) -> tuple[_Floats, _Floats]:
    """The largest normalised autocorrelation of each frame, and its pitch in hertz.

    Uses Boersma's method (1993): the frame's autocorrelation divided by the window's. Of
    nearly equal peaks the first is chosen, to avoid octave errors.
    """
    correlation = scipy.fft.irfft(power, axis=1)
    shortest, longest = (int(SAMPLE_RATE / hertz) for hertz in reversed(_PITCH_HZ))
    lags = np.arange(shortest, longest + 1)
    normalised = correlation[:, lags] / np.maximum(correlation[:, :1], 1e-12)
    normalised /= np.maximum(_window_correlation()[lags], 0.05)
    best = normalised.max(axis=1)
    near = normalised >= (0.9 * best)[:, None]
    inner = (normalised >= np.roll(normalised, 1, axis=1)) & (
        normalised >= np.roll(normalised, -1, axis=1)
    )
    first = np.where((near & inner).any(axis=1), (near & inner).argmax(axis=1), near.argmax(axis=1))
    return np.clip(best, 0, 1), SAMPLE_RATE / lags[first].astype(np.float64)
