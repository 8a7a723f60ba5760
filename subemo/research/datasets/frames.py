"""The frames of many labelled clips, original and distorted."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from ...align.segments import MAX_WINDOW_MS
from ...core.cache import Cache, all_finite
from ...core.emotions import EMOTIONS
from ...features.base import FeatureSet, Vector, extracted_shape
from ..corpora import Clip
from .clips import clip_sound
from .distortions import AsItIs, Version
from .parallel import on_all_cores

Index = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class FrameTable:
    """Clips and their frames.

    Attributes:
        clips: the clips, in order
        frames: for each clip, each of its versions, shape (frames, size); the
            first version is the original
    """

    clips: tuple[Clip, ...]
    frames: tuple[tuple[Vector, ...], ...]

    @property
    def labels(self) -> Index:
        """The position of each clip's emotion in `EMOTIONS`, shape (clips,)."""
        return np.array([EMOTIONS.index(clip.emotion) for clip in self.clips])

    @property
    def speakers(self) -> Names:
        """The speaker of each clip, or the clip if unknown, shape (clips,)."""
        return np.array([clip.speaker or clip.key for clip in self.clips])

    @property
    def corpora(self) -> Names:
        """The corpus of each clip, shape (clips,)."""
        return np.array([clip.corpus for clip in self.clips])


def build_frames(
    clips: Sequence[Clip],
    *,
    features: FeatureSet,
    cache: Cache,
    versions: Sequence[Version] = (AsItIs(),),
    on_clip: Callable[[int], None] = lambda _: None,
) -> FrameTable:
    """Extracts the frames of every version of every clip, in parallel, using the cache.

    Args:
        clips: labelled clips
        features: the feature set
        cache: the folder of cached frames, from which a later call resumes
        versions: versions of the clips
        on_clip: called with the number of clips done

    Raises:
        CorpusError: if a clip has no sound
    """
    of_each = partial(_clip_frames, features=features, cache=cache, versions=versions)
    frames = []
    for position, of_clip in enumerate(on_all_cores(of_each, clips, batch_size=8)):
        frames.append(of_clip)
        on_clip(position + 1)
    return FrameTable(tuple(clips), tuple(frames))


def _clip_frames(
    clip: Clip, features: FeatureSet, cache: Cache, versions: Sequence[Version]
) -> tuple[Vector, ...]:
    """The frames of every version of one clip."""
    content = clip.path.read_bytes()
    parameters = (features.name, sorted(features.parameters().items()), clip.key)
    keys = [Cache.key(content, "frames", parameters, version.identity) for version in versions]
    shape = extracted_shape(features)
    found = [cache.get(key, shape=shape, fits=all_finite) for key in keys]
    if any(frames is None for frames in found):
        longest = MAX_WINDOW_MS * features.sample_rate // 1000
        samples = clip_sound(clip, sample_rate=features.sample_rate)[:longest]
        number = zlib.crc32(clip.key.encode())
        for position, (key, version) in enumerate(zip(keys, versions, strict=True)):
            if found[position] is None:
                sound = version.apply(samples, features.sample_rate, number)
                found[position] = frames = features.extract(sound)
                cache.put(key, frames)
    return tuple(frames for frames in found if frames is not None)
