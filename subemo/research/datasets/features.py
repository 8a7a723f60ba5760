"""The features of many labelled clips, cached: frames, the table of the 2024 report, cues without voices."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from ...align.segments import MAX_WINDOW_MS, windows
from ...core.cache import Cache, all_finite
from ...core.emotions import EMOTIONS
from ...core.errors import MissingExtraError, OutputError
from ...core.files import write_atomically
from ...core.processes import worker_options
from ...core.progress import OnStep, Step, ignore
from ...core.tables import Figure, csv_table
from ...features.base import FeatureSet, Vector, extracted_shape
from ...features.handcrafted import ROW_SIZE, ReportFeatures
from ...features.windows import extract
from ...media import audio
from ..corpora import Clip
from .clips import AUGMENTATION, VERSIONS, clip_sound, clip_versions
from .distortions import AS_IT_IS, Version

_Result = TypeVar("_Result")
_Item = TypeVar("_Item")


def on_all_cores(
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    *,
    batch_size: int | Literal["auto"] = "auto",
) -> Iterator[_Result]:
    """Maps a function over items in parallel and yields results in order.

    All cores are those that this process may use: joblib counts a container's limit, the
    affinity, and ``LOKY_MAX_CPU_COUNT``.

    Args:
        function: a picklable function: of a module, or a `functools.partial` of one
        items: its picklable arguments
        batch_size: number of items sent to a worker at once

    Raises:
        MissingExtraError: if joblib is not installed
    """
    try:  # it is slow to import
        from joblib import Parallel, delayed
    except ImportError as error:
        raise MissingExtraError.of("joblib", "evaluate") from error

    parallel = Parallel(
        n_jobs=-1,
        return_as="generator",
        batch_size=batch_size,
        **worker_options(),
    )
    yield from parallel(delayed(function)(item) for item in items)


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
    versions: Sequence[Version] = (AS_IT_IS,),
    stage: str = "features",
    on_step: OnStep = ignore,
) -> FrameTable:
    """Extracts the frames of every version of every clip, in parallel, using the cache.

    Raises:
        CorpusError: if a clip has no sound
    """
    of_each = partial(_clip_frames, features=features, cache=cache, versions=versions)
    frames = []
    for position, of_clip in enumerate(on_all_cores(of_each, clips, batch_size=8)):
        frames.append(of_clip)
        on_step(Step(stage, position + 1, len(clips)))
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


def saved_arrays(
    work: Path,
    name: str,
    identity: object,
    make: Callable[[], Mapping[str, npt.ArrayLike]],
) -> Mapping[str, npt.NDArray[Any]]:
    """Arrays that are made once, saved whole or not at all.

    Args:
        work: the folder of saved arrays, created if needed
        name: the first part of the file's name
        identity: all that they depend on
        make: makes them
    """
    path = work / f"{name}-{hashlib.sha256(repr(identity).encode()).hexdigest()[:16]}.npz"
    if not path.exists():
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **make())
        work.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content.getvalue(), overwrite=True)
    with np.load(path, allow_pickle=False) as stored:
        return dict(stored)


#: The length of a typical cue.
CUE_MS = 3_000


def voiceless_cues(
    path: Path, features: FeatureSet, cache: Cache | None = None
) -> Iterator[Vector]:
    """The frames of each cue of a background with enough sound."""
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
    versions: int = len(VERSIONS),
    seed: int = 0,
    on_step: OnStep = ignore,
) -> FeatureTable:
    """Extracts features of the versions of every clip, in parallel, using the cache.

    Raises:
        CorpusError: if a clip has no sound
        MissingExtraError: if librosa is not installed
    """
    rows = np.empty((len(clips), versions, ROW_SIZE), dtype=np.float32)
    of_each = partial(_clip_rows, features=features, cache=cache, versions=versions, seed=seed)
    for position, clip_rows in enumerate(on_all_cores(of_each, clips)):
        rows[position] = clip_rows
        on_step(Step("features", position + 1, len(clips)))
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


def table_form(path: Path) -> str:
    """``csv`` or ``parquet``, by the file name's suffix.

    Raises:
        OutputError: for any other suffix
        MissingExtraError: for Parquet if pyarrow is not installed
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in ("csv", "parquet"):
        raise OutputError("the table's name must end in .csv or .parquet", path=path)
    if form == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtraError.of("pyarrow", "parquet") from error
    return form


def encode_table(table: FeatureTable, form: str) -> bytes:
    """The whole file: Appendix 9's columns 0 to 161 and labels, then clip and version.

    Args:
        table: the table
        form: ``csv`` or ``parquet``
    """
    names = [str(column) for column in range(table.rows.shape[1])]
    labels = [EMOTIONS[label].value for label in table.labels]
    keys = [table.clips[clip].key for clip in table.clip_of]
    versions = [VERSIONS[version] for version in table.version_of]
    if form == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = {name: table.rows[:, i] for i, name in enumerate(names)}
        content = pa.table({**columns, "labels": labels, "clip": keys, "version": versions})
        sink = io.BytesIO()
        pq.write_table(content, sink)
        return sink.getvalue()
    rows = zip(table.rows, labels, keys, versions, strict=True)
    # The shortest digits that round-trip a float32.
    written = (
        [*(Figure(np.format_float_scientific(v, trim="-")) for v in row), label, key, version]
        for row, label, key, version in rows
    )
    return csv_table([[*names, "labels", "clip", "version"], *written]).encode()
