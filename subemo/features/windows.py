"""Extracts the features of a segment of sound: trimmed, in windows, None if silent."""

from __future__ import annotations

import numpy as np

from ..align.segments import MAX_WINDOW_MS, windows
from ..media.audio import Samples
from . import stft
from .base import FeatureSet, Vector

#: Frames this far below the loudest one count as silence at the ends.
TOP_DB = 40.0

#: The shortest sound, in milliseconds, that can be classified.
MIN_SOUND_MS = 300


def trim_silence(samples: Samples) -> Samples:
    """Removes the silent ends of *samples*; empty if all is digital silence.

    The 2024 report (Davies and Chen) loads 2.5 s from 0.6 s on, which suits only
    RAVDESS; cues have any length, so the ends are found by level instead
    (like `librosa.effects.trim`, with `TOP_DB`).
    """
    start, end = sounding(samples)
    return samples[start:end]


def sounding(samples: Samples) -> tuple[int, int]:
    """The bounds of `trim_silence`: the first sample kept, and the one after the last."""
    if not samples.size:
        return 0, 0
    levels = stft.rms(samples.astype(np.float64))
    loudest = levels.max()
    if loudest <= 1e-5:  # -100 dBFS, below the range of 16-bit sound
        return 0, 0
    (found,) = np.nonzero(levels > loudest * 10 ** (-TOP_DB / 20))
    start, end = found[0] * stft.HOP_LENGTH, (found[-1] + 1) * stft.HOP_LENGTH
    return int(start), min(int(end), samples.size)


#: The features of each window with enough sound, and its length in samples.
Windows = list[tuple[Vector, int]]

#: 40 dB above full scale, louder than any valid sound; files of floats may exceed it.
_LOUDEST = 100.0


def extract(samples: Samples, features: FeatureSet) -> Vector | None:
    """Extracts the features of a segment after trimming its silent ends.

    Args:
        samples: mono, at the features' sample rate, at most `MAX_WINDOW_MS` long
        features: the feature set

    Returns:
        shape (size,), or None if less than `MIN_SOUND_MS` of sound is left
    """
    sound = trim_silence(_audible(samples))
    if sound.size * 1000 < MIN_SOUND_MS * features.sample_rate:
        return None
    return features.extract(sound)


def extract_windows(samples: Samples, features: FeatureSet, *, trimmed: bool = False) -> Windows:
    """Extracts the features of a clip of any length, in windows of at most `MAX_WINDOW_MS`.

    Args:
        samples: mono, at the features' sample rate
        features: the feature set
        trimmed: whether its silent ends are already removed; a clip that fits one
            window is then not trimmed again, as in training
    """
    samples = _audible(samples)
    longest = MAX_WINDOW_MS * features.sample_rate // 1000
    if trimmed and samples.size <= longest:
        enough = samples.size * 1000 >= MIN_SOUND_MS * features.sample_rate
        return [(features.extract(samples), samples.size)] if enough else []
    return [
        (vector, end - start)
        for start, end in windows(0, samples.size, longest_ms=longest)
        if (vector := extract(samples[start:end], features)) is not None
    ]


def _audible(samples: Samples) -> Samples:
    """The samples, with invalid values (NaN, too large) replaced by silence."""
    is_sound = np.abs(samples) <= _LOUDEST
    return samples if is_sound.all() else np.where(is_sound, samples, np.float32(0))
