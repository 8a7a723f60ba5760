"""The features of spans of sound, kept on disk where they are many."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import IO, Self

import numpy as np

from ..align import Segment, Span
from ..features import Vector
from ..model.classifier import Classifier
from ..model.statistics import Adaptation
from ..sounds.weights import SoundDetector, find_weights

#: The bytes held in memory, features of about five minutes of speech.
IN_MEMORY = 4_000_000

_Kind = np.dtype[np.float32 | np.float16]

#: Returns a stored array.
Reader = Callable[[], Vector]


class SpillFile:
    """Arrays that are read back a few times, in order.

    Beyond the memory limit they go to a file without a name, which disappears
    when the spill file is closed or the process ends in any way. If the file
    cannot be written, memory is used instead.

    Args:
        in_memory: the most bytes held in memory
    """

    def __init__(self, *, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._file: IO[bytes] | None = None
        self._end = 0
        self._is_full = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, vector: Vector) -> Reader:
        """Stores *vector*.

        Returns:
            a function that returns an equal vector, until the spill file is closed
        """
        if self._room >= vector.nbytes:
            self._room -= vector.nbytes
        elif not self._is_full and self._written(vector.tobytes()):
            start, self._end = self._end, self._end + vector.nbytes
            return partial(self._read, start, vector.nbytes, vector.shape, vector.dtype)
        return lambda: vector

    def _written(self, data: bytes) -> bool:
        """Appends *data* to the file; returns whether that succeeded."""
        try:
            if self._file is None:
                # Unbuffered, so that a full disk is noticed here.
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            self._file.seek(self._end)
            self._is_full = self._file.write(data) != len(data)
        except OSError:
            self._is_full = True
        return not self._is_full

    def _read(self, start: int, size: int, shape: tuple[int, ...], kind: _Kind) -> Vector:
        assert self._file is not None
        self._file.seek(start)
        found: Vector = np.frombuffer(self._file.read(size), kind).reshape(shape)
        return found


class Vectors:
    """A re-iterable sequence of vectors in a spill file.

    Args:
        readers: see `SpillFile.put`
    """

    def __init__(self, readers: list[Reader]) -> None:
        self._readers = readers

    def __len__(self) -> int:
        return len(self._readers)

    def __iter__(self) -> Iterator[Vector]:
        return (read() for read in self._readers)


@dataclass(frozen=True, eq=False)
class SpanFeatures:
    """The features of a span.

    Attributes:
        span: the span of the film
        audio_ms: how much of it is before the end of the sound
        read: returns its features; None if it has too little sound
    """

    span: Span
    audio_ms: int
    read: Reader | None


def extract_features(
    segments: Iterable[Segment], classifier: Classifier, spill: SpillFile, *, threads: int = 1
) -> Iterator[SpanFeatures]:
    """Extracts the features of each segment, in order, and releases its sound.

    Args:
        segments: the segments of the film's sound
        classifier: the classifier, which defines the features
        spill: where features are stored
        threads: number of segments processed in parallel
    """
    rate = classifier.features.sample_rate
    #: None for a segment after the end of the sound.
    waiting: deque[tuple[Segment, Future[Vector | None] | None]] = deque()

    def first() -> SpanFeatures:
        segment, extracted = waiting.popleft()
        vector = None if extracted is None else extracted.result()
        read = None if vector is None else spill.put(vector)
        return SpanFeatures(segment.span, segment.samples.size * 1000 // rate, read)

    with ThreadPoolExecutor(threads) as pool:
        try:
            for segment in segments:
                sound = segment.samples
                waiting.append(
                    (segment, pool.submit(classifier.extract, sound) if sound.size else None)
                )
                if len(waiting) > 2 * threads:
                    yield first()
            while waiting:
                yield first()
        finally:
            pool.shutdown(cancel_futures=True)


def vectors_of(spans: Iterable[SpanFeatures]) -> Vectors:
    """The features of all spans with enough sound."""
    return Vectors([one.read for one in spans if one.read is not None])


@dataclass(frozen=True)
class Listener:
    """The models that analyse a film's sound.

    Attributes:
        model: the emotion classifier
        adaptation: how features are standardised
        sounds: the detector of vocal sounds, or None
    """

    model: Classifier
    adaptation: Adaptation
    sounds: SoundDetector | None = None


def weights_for(model: Classifier) -> SoundDetector | None:
    """The detector of vocal sounds trained on a model's frames, or None."""
    features = model.features
    described = {"name": features.name, "parameters": dict(features.parameters())}
    return find_weights(model.bundle.name, described)
