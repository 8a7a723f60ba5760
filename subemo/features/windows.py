"""From a stretch of sound to its features: trimmed, in windows, none where nothing sounds."""

from __future__ import annotations

import numpy as np

from ..align.segments import MAX_WINDOW_MS, windows
from ..media.audio import Samples
from .base import FeatureSet, Vector
from .trim import MIN_SOUND_MS, trim_silence

#: The features of each window that has enough sound, and its length in samples.
Windows = list[tuple[Vector, int]]

#: No sound is so loud, 40 dB above full scale; a file of floats may say so all the same.
_LOUDEST = 100.0


def extract(samples: Samples, features: FeatureSet) -> Vector | None:
    """The features of one stretch of sound, its silent ends trimmed.

    Args:
        samples: mono, at the features' sample rate, at most `MAX_WINDOW_MS` long
        features: the feature set

    Returns:
        shape (size,), or None where less than `MIN_SOUND_MS` of sound is left
    """
    sound = trim_silence(_audible(samples))
    if sound.size * 1000 < MIN_SOUND_MS * features.sample_rate:
        return None
    return features.extract(sound)


def extract_windows(samples: Samples, features: FeatureSet, *, trimmed: bool = False) -> Windows:
    """The features of a clip of any length, in windows of at most `MAX_WINDOW_MS`.

    Args:
        samples: mono, at the features' sample rate
        features: the feature set
        trimmed: whether its silent ends are gone already; what fits one window
            is not trimmed again then, as it is not in training
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
    """The samples, silent where a file of floats holds what is no sound."""
    is_sound = np.abs(samples) <= _LOUDEST
    return samples if is_sound.all() else np.where(is_sound, samples, np.float32(0))
