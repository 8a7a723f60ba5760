"""The frames of sound without voices, cut into cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...align.segments import windows
from ...core.cache import Cache, all_finite
from ...features.base import FeatureSet, Vector, extracted_shape
from ...features.windows import extract
from ...media import audio

#: The length of a typical cue.
CUE_MS = 3_000


def voiceless_cues(
    path: Path, features: FeatureSet, cache: Cache | None = None
) -> Iterator[Vector]:
    """The frames of each cue of a background with enough sound.

    Args:
        path: a sound file without speech
        features: the feature set
        cache: where the frames are cached
    """
    rate = features.sample_rate
    content = path.read_bytes() if cache else b""
    samples = audio.load(path, sample_rate=rate)
    for start, end in windows(0, samples.size, longest_ms=CUE_MS * rate // 1000):
        key = Cache.key(content, "cue", features.name, sorted(features.parameters().items()), start)
        frames = None
        if cache:
            frames = cache.get(key, shape=extracted_shape(features), fits=all_finite)
        if frames is None:
            frames = extract(samples[start:end], features)
            if frames is not None and cache:
                cache.put(key, frames)
        if frames is not None:
            yield frames


def all_voiceless_cues(
    paths: Sequence[Path], features: FeatureSet, cache: Cache | None = None
) -> list[Vector]:
    """The frames of every cue of several backgrounds."""
    return [frames for path in paths for frames in voiceless_cues(path, features, cache)]
