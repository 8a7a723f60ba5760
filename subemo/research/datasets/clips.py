"""The sound of a labelled clip, and its augmented versions."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice

import numpy as np

from ...core.errors import CorpusError
from ...features.windows import trim_silence
from ...media import audio
from ...media.audio import Samples
from ..corpora import Clip
from . import augmentation as augment

#: Everything that the versions of a clip depend on, besides the clip and the seed.
AUGMENTATION = (augment.NOISE_FRACTION, augment.STRETCH_RATE, augment.PITCH_STEPS)

#: The tolerance for labels that end after the file, in milliseconds; people round up.
SLACK_MS = 1000


def clip_sound(clip: Clip, *, sample_rate: int) -> Samples:
    """Loads the sound of a clip and trims its silent ends, shape (samples,).

    Args:
        clip: a labelled clip
        sample_rate: of the result, in hertz

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
    clip: Clip, *, sample_rate: int, versions: int = len(augment.VERSIONS), seed: int = 0
) -> Iterator[Samples]:
    """A clip and its augmented versions, in the order of `augmentation.VERSIONS`.

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
    yield from islice(augment.versions(sound, sample_rate, generator), versions)
