"""The sound of a labelled clip, and the three augmentations of the 2024 report (Davies and Chen; "Data Augmentation", Appendices 5 to 8)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from ...core.errors import CorpusError, MissingExtraError
from ...features.windows import trim_silence
from ...media import audio
from ...media.audio import Samples
from ..corpora import Clip

#: The largest amplitude of noise, as a fraction of the clip's peak.
NOISE_FRACTION = 0.035
#: The rate of the time stretch. Below 1 makes the clip longer, although the
#: 2024 report's text says "80% of its original duration".
STRETCH_RATE = 0.8
#: The upward pitch shift in semitones.
PITCH_STEPS = 7

#: The order of the versions of one clip; the original comes first.
VERSIONS = ("original", "noise", "stretch", "pitch")

#: Everything that the versions of a clip depend on, besides the clip and the seed.
AUGMENTATION = (NOISE_FRACTION, STRETCH_RATE, PITCH_STEPS)

#: The tolerance for labels that end after the file, in milliseconds; people round up.
SLACK_MS = 1000


def clip_sound(clip: Clip, *, sample_rate: int) -> Samples:
    """Loads the sound of a clip and trims its silent ends, shape (samples,), at a rate in hertz.

    Raises:
        MediaError: if its file cannot be read
        CorpusError: if it has no sound, or its interval is outside the file
    """
    samples = audio.load(clip.path, sample_rate=sample_rate)
    if clip.start_ms is not None and clip.end_ms is not None:
        if (clip.end_ms - SLACK_MS) * sample_rate > samples.size * 1000:
            raise CorpusError(
                f"the interval {clip.start_ms} to {clip.end_ms} ms is outside this file, "
                f"which ends at {samples.size * 1000 // sample_rate} ms",
                path=clip.path,
            )
        samples = samples[clip.start_ms * sample_rate // 1000 : clip.end_ms * sample_rate // 1000]
    sound = trim_silence(samples)
    if not sound.size:
        raise CorpusError("this clip has no sound", path=clip.path)
    return sound


def clip_versions(
    clip: Clip, *, sample_rate: int, versions: int = len(VERSIONS), seed: int = 0
) -> Iterator[Samples]:
    """A clip and its augmented versions, in the order of `VERSIONS`.

    Args:
        clip: a labelled clip
        sample_rate: of the results, in hertz
        versions: number of versions, 1 to 4; the first is the original
        seed: seed of the noise, which depends only on it and the clip
    """
    sound = clip_sound(clip, sample_rate=sample_rate)
    if versions == 1:
        yield sound
        return
    generator = np.random.default_rng([seed, zlib.crc32(clip.key.encode())])
    yield from islice(augmented(sound, sample_rate, generator), versions)


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


def augmented(
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
