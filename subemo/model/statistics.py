"""Statistics for standardising features: of the training data, a set of clips, or a film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..core.settings import check_one_of
from ..features import Vector

Array = npt.NDArray[np.float64]


class Adaptation(StrEnum):
    """How a model is adapted to new data.

    Example:
        >>> Adaptation("film")
        <Adaptation.FILM: 'film'>
    """

    #: Not at all.
    NONE = "none"
    #: To the whole set, as in the 2024 report with its 96 clips.
    SET = "set"
    #: To the film, shrunk towards the training data.
    FILM = "film"


#: The names of all adaptations.
ADAPTATIONS = tuple(one.value for one in Adaptation)

#: A film with this many segments has the same weight as the training data.
PRIOR_SEGMENTS = 20


def check_adaptation(adaptation: str | None) -> Adaptation | None:
    """The adaptation of that name; None leaves it to the model.

    Raises:
        SettingsError: if the name is unknown
    """
    if adaptation is None:
        return None
    check_one_of("adaptation", adaptation, ADAPTATIONS)
    return Adaptation(adaptation)


@dataclass(frozen=True, eq=False)
class Statistics:
    """Mean and standard deviation of each feature.

    For frames there are three rows: for a segment's mean, its standard deviation
    over time, and its single frames. The means of segments vary less than their
    frames do, so each of the three has its own scale.

    Attributes:
        mean: shape (size,), or (3, size) for frames
        scale: standard deviation, above 0, the same shape
    """

    mean: Vector
    scale: Vector

    def standardise(self, vector: Vector) -> Vector:
        """The features in standard deviations from the mean.

        Args:
            vector: shape (size,) or (rows, size); for frames, (frames, size)

        Returns:
            the same shape; for frames, (2 + frames, size), mean and deviation first
        """
        if self.mean.ndim == 1:
            return ((vector - self.mean) / self.scale).astype(np.float32)
        rows = summarised(vector)
        kind = np.minimum(np.arange(len(rows)), 2)
        return ((rows - self.mean[kind]) / self.scale[kind]).astype(np.float32)


def summarised(frames: Vector) -> npt.NDArray[np.float32]:
    """A segment's mean and standard deviation over time, followed by its frames.

    Args:
        frames: shape (frames, size)

    Returns:
        shape (2 + frames, size)
    """
    single = frames.astype(np.float32)
    return np.concatenate([[single.mean(axis=0), single.std(axis=0)], single])


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over segments, which can be added.

    Attributes:
        count: number of values in each row, shape (1, 1), or (3, 1) for frames
        total: their sum, shape (1, size) or (3, size)
        square: the sum of their squares, the same shape
    """

    count: Array
    total: Array
    square: Array

    @classmethod
    def of(cls, vectors: Iterable[Vector]) -> Moments:
        """Adds up segments one at a time, to save memory.

        Args:
            vectors: at least one, each of the shape (size,) or (frames, size)
        """
        return cls.sum(_moments(vector) for vector in vectors)

    @classmethod
    def sum(cls, parts: Iterable[Moments]) -> Moments:
        """The sum of at least one `Moments`."""
        remaining = iter(parts)
        first = next(remaining)
        count, total, square = first.count.copy(), first.total.copy(), first.square.copy()
        for part in remaining:
            count += part.count
            total += part.total
            square += part.square
        return cls(count, total, square)

    @property
    def mean(self) -> Array:
        """The mean, shape (size,), or (3, size) for frames."""
        return _squeezed(self.total / self.count)

    @property
    def mean_square(self) -> Array:
        """The mean square, same shape."""
        return _squeezed(self.square / self.count)

    def statistics(self) -> Statistics:
        """The mean and standard deviation."""
        return _statistics(self.mean, self.mean_square - self.mean**2)


class ManyVectors(Protocol):
    """A sized iterable of vectors, such as a list."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Vector]: ...


def adapted_statistics(
    vectors: ManyVectors, training: Statistics, *, adaptation: str
) -> Statistics:
    """The statistics for standardising a film or a set of clips.

    ``none`` takes those of the training data, ``set`` those of *vectors*.
    ``film`` takes the latter, shrunk towards the training data as if it were
    `PRIOR_SEGMENTS` more segments, since a few segments say little about a
    film and may all have the same emotion.

    Args:
        vectors: the features of every segment, each of the shape (size,) or
            (frames, size)
        training: the statistics of the training data
        adaptation: one of `ADAPTATIONS`
    """
    if adaptation == "none" or not len(vectors):
        return training
    film = Moments.of(vectors)
    prior = 0 if adaptation == "set" else PRIOR_SEGMENTS
    own = len(vectors) / (len(vectors) + prior)
    mean = own * film.mean + (1 - own) * training.mean
    spread = own * (film.mean_square - 2 * mean * film.mean + mean**2)
    spread += (1 - own) * (training.scale.astype(np.float64) ** 2 + (training.mean - mean) ** 2)
    return _statistics(mean, spread)


def _moments(vector: Vector) -> Moments:
    if vector.ndim == 1:
        row = vector.astype(np.float64)[None]
        return Moments(np.ones((1, 1)), row, row**2)
    rows = summarised(vector).astype(np.float64)
    squares = rows**2
    return Moments(
        np.array([[1.0], [1.0], [len(vector)]]),
        np.concatenate([rows[:2], rows[2:].sum(axis=0, keepdims=True)]),
        np.concatenate([squares[:2], squares[2:].sum(axis=0, keepdims=True)]),
    )


def _squeezed(rows: Array) -> Array:
    return rows[0] if len(rows) == 1 else rows


def _statistics(mean: Array, variance: Array) -> Statistics:
    # Constant features carry no information; scikit-learn's scaler does the same.
    tiny = 1e-12 * (1 + mean**2)
    scale = np.where(variance > tiny, np.sqrt(np.maximum(variance, tiny)), 1.0)
    return Statistics(mean.astype(np.float32), scale.astype(np.float32))
