"""What features are standardised with: the training rows, the set, or the film at hand."""

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
    """How a model is adapted to what it is asked about.

    Example:
        >>> Adaptation("film")
        <Adaptation.FILM: 'film'>
    """

    #: Not at all.
    NONE = "none"
    #: To the whole set, as the 2024 report did with its 96 clips.
    SET = "set"
    #: To it, but shrunk towards the training rows.
    FILM = "film"


#: The names of all of them.
ADAPTATIONS = tuple(one.value for one in Adaptation)

#: A film of this many stretches counts as much as all of the training rows.
PRIOR_SEGMENTS = 20


def check_adaptation(adaptation: str | None) -> Adaptation | None:
    """The way to adapt a model that has that name; None leaves it to the model.

    Raises:
        SettingsError: if it is none
    """
    if adaptation is None:
        return None
    check_one_of("adaptation", adaptation, ADAPTATIONS)
    return Adaptation(adaptation)


@dataclass(frozen=True, eq=False)
class Statistics:
    """Mean and spread of each feature.

    Of frames there are three rows: what a stretch's mean, its deviation over
    time, and its single frames come to. A film's cues differ among each other
    by less than its frames do, so each of the three has its own spread.

    Attributes:
        mean: shape (size,), or of frames (3, size)
        scale: standard deviation, above 0, the same shape
    """

    mean: Vector
    scale: Vector

    def standardise(self, vector: Vector) -> Vector:
        """The features in standard deviations from the mean.

        Args:
            vector: shape (size,) or (rows, size); of frames, (frames, size)

        Returns:
            the same shape; of frames, (2 + frames, size), mean and deviation first
        """
        if self.mean.ndim == 1:
            return ((vector - self.mean) / self.scale).astype(np.float32)
        rows = summarised(vector)
        kind = np.minimum(np.arange(len(rows)), 2)
        return ((rows - self.mean[kind]) / self.scale[kind]).astype(np.float32)


def summarised(frames: Vector) -> npt.NDArray[np.float32]:
    """A stretch's mean and deviation over time, and below them its frames.

    Args:
        frames: shape (frames, size)

    Returns:
        shape (2 + frames, size)
    """
    single = frames.astype(np.float32)
    return np.concatenate([[single.mean(axis=0), single.std(axis=0)], single])


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over stretches, which can be added up further.

    Attributes:
        count: how many there are of each row, shape (1, 1), or of frames (3, 1)
        total: their sum, shape (1, size) or (3, size)
        square: the sum of their squares, the same shape
    """

    count: Array
    total: Array
    square: Array

    @classmethod
    def of(cls, vectors: Iterable[Vector]) -> Moments:
        """Of stretches, one after the other, to spare memory.

        Args:
            vectors: each of the shape (size,) or (frames, size); at least one
        """
        return cls.sum(_moments(vector) for vector in vectors)

    @classmethod
    def sum(cls, parts: Iterable[Moments]) -> Moments:
        """All of them together; at least one."""
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
        """Shape (size,), or of frames (3, size)."""
        return _squeezed(self.total / self.count)

    @property
    def mean_square(self) -> Array:
        """The same shape."""
        return _squeezed(self.square / self.count)

    def statistics(self) -> Statistics:
        """Mean and spread."""
        return _statistics(self.mean, self.mean_square - self.mean**2)


class ManyVectors(Protocol):
    """Vectors that can be counted, and gone through; a list, for one."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Vector]: ...


def adapted_statistics(
    vectors: ManyVectors, training: Statistics, *, adaptation: str
) -> Statistics:
    """What one film, or one set of clips, is standardised with.

    ``none`` takes the training rows' statistics as they are, ``set`` those of
    *vectors*. ``film`` takes the latter, shrunk towards the training rows' as
    if those were `PRIOR_SEGMENTS` more stretches, since a few stretches say
    little about a film and may all be of one kind.

    Args:
        vectors: the features of every stretch, each of the shape (size,) or
            (frames, size)
        training: of the training rows
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
    # A feature that never changes tells nothing; scikit-learn's scaler does the same.
    tiny = 1e-12 * (1 + mean**2)
    scale = np.where(variance > tiny, np.sqrt(np.maximum(variance, tiny)), 1.0)
    return Statistics(mean.astype(np.float32), scale.astype(np.float32))
