"""The three augmentations of the 2024 report (Davies and Chen; "Data Augmentation", Appendices 5 to 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.errors import MissingExtraError
from ...media.audio import Samples

#: The largest amplitude of noise, as a fraction of the clip's peak.
NOISE_FRACTION = 0.035
#: The rate of the time stretch. Below 1 makes the clip longer, although the
#: 2024 report's text says "80% of its original duration".
STRETCH_RATE = 0.8
#: The upward pitch shift in semitones.
PITCH_STEPS = 7

#: The order of the versions of one clip; the original comes first.
VERSIONS = ("original", "noise", "stretch", "pitch")


def add_noise(samples: Samples, generator: np.random.Generator) -> Samples:
    """White Gaussian noise, its amplitude drawn once from 0 to `NOISE_FRACTION` of the peak.

    The peak is `samples.max()`, as in the notebook that `report-crnn` is based on.
    """
    amplitude = NOISE_FRACTION * generator.uniform() * samples.max(initial=0.0)
    noise = generator.standard_normal(samples.size, dtype=np.float32)
    return samples + np.float32(amplitude) * noise


def stretch(samples: Samples) -> Samples:
    """The same pitch at `STRETCH_RATE` times the speed."""
    return np.asarray(_effects().time_stretch(samples, rate=STRETCH_RATE), dtype=np.float32)


def shift_pitch(samples: Samples, sample_rate: int) -> Samples:
    """The same duration, `PITCH_STEPS` semitones higher."""
    shifted = _effects().pitch_shift(samples, sr=sample_rate, n_steps=PITCH_STEPS)
    return np.asarray(shifted, dtype=np.float32)


def versions(
    samples: Samples, sample_rate: int, generator: np.random.Generator
) -> Iterator[Samples]:
    """The four versions of a clip, in the order of `VERSIONS`."""
    yield samples
    yield add_noise(samples, generator)
    yield stretch(samples)
    yield shift_pitch(samples, sample_rate)


def _effects() -> Any:
    try:
        import librosa.effects
    except ImportError as error:
        raise MissingExtraError.of("librosa", "evaluate") from error
    return librosa.effects
