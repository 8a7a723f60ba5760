"""The features of many labelled clips and their augmented versions (Appendix 9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from ...core.cache import Cache, all_finite
from ...core.emotions import EMOTIONS
from ...features.base import Vector
from ...features.handcrafted import ROW_SIZE, ReportFeatures
from ..corpora import Clip
from . import augmentation as augment
from .clips import AUGMENTATION, clip_versions
from .parallel import on_all_cores

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FeatureTable:
    """One row for every version of every clip; the versions of a clip are adjacent.

    Attributes:
        clips: the clips, in order
        versions: number of rows per clip
        rows: features, shape (clips × versions, 162)
    """

    clips: tuple[Clip, ...]
    versions: int
    rows: Vector

    @property
    def clip_of(self) -> Index:
        """The clip of each row, shape (rows,)."""
        return np.repeat(np.arange(len(self.clips)), self.versions)

    @property
    def version_of(self) -> Index:
        """The version of each row, shape (rows,); 0 is the original."""
        return np.tile(np.arange(self.versions), len(self.clips))

    @property
    def labels(self) -> Index:
        """The position of each row's emotion in `EMOTIONS`, shape (rows,)."""
        of_clip = np.array([EMOTIONS.index(clip.emotion) for clip in self.clips])
        return of_clip[self.clip_of]

    @property
    def speakers(self) -> npt.NDArray[np.str_]:
        """The speaker of each row, or its clip if unknown, shape (rows,)."""
        return np.array([clip.speaker or clip.key for clip in self.clips])[self.clip_of]


def build_table(
    clips: Sequence[Clip],
    *,
    features: ReportFeatures,
    cache: Cache,
    versions: int = len(augment.VERSIONS),
    seed: int = 0,
    on_clip: Callable[[int], None] = lambda _: None,
) -> FeatureTable:
    """Extracts features of the versions of every clip, in parallel, using the cache.

    Args:
        clips: labelled clips
        features: the feature set
        cache: the folder of cached rows, from which a later call resumes
        versions: number per clip, 1 to 4
        seed: seed of the noise, which depends only on the seed and the clip
        on_clip: called with the number of clips done

    Raises:
        CorpusError: if a clip has no sound
        MissingExtraError: if librosa is not installed
    """
    rows = np.empty((len(clips), versions, ROW_SIZE), dtype=np.float32)
    of_each = partial(_clip_rows, features=features, cache=cache, versions=versions, seed=seed)
    for position, clip_rows in enumerate(on_all_cores(of_each, clips)):
        rows[position] = clip_rows
        on_clip(position + 1)
    return FeatureTable(tuple(clips), versions, rows.reshape(-1, rows.shape[-1]))


def _clip_rows(
    clip: Clip, features: ReportFeatures, cache: Cache, versions: int, seed: int
) -> Vector:
    """The rows of one clip, shape (versions, 162)."""
    key = Cache.key(clip.path.read_bytes(), features, AUGMENTATION, versions, seed, clip.key)
    cached = cache.get(key, shape=(versions, ROW_SIZE), fits=all_finite)
    if cached is not None:
        return cached
    sounds = clip_versions(clip, sample_rate=features.sample_rate, versions=versions, seed=seed)
    rows = np.stack([features.table_row(sound) for sound in sounds])
    cache.put(key, rows)
    return rows
