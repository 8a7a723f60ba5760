"""What features are standardised with: the training rows, the set, or the film at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..features import Vector

Array = npt.NDArray[np.float64]

#: How a model may be adapted to what it is asked about: not at all; to the
#: whole set (as the report did with its 96 clips); to it, but shrunk towards
#: the training rows.
ADAPTATIONS = ("none", "set", "film")

#: A film of this many stretches counts as much as all of the training rows.
PRIOR_STRETCHES = 20


@dataclass(frozen=True, eq=False)
class Statistics:
    """Mean and spread of each feature.

    Attributes:
        mean: shape (size,)
        scale: standard deviation, above 0, shape (size,)
    """

    mean: Vector
    scale: Vector

    def standardise(self, vector: Vector) -> Vector:
        """The features in standard deviations from the mean, shape (size,) or (rows, size)."""
        return ((vector - self.mean) / self.scale).astype(np.float32)


def statistics_of(vectors: Sequence[Vector]) -> Statistics:
    """Mean and spread of the features of several stretches, every frame counting alike.

    Args:
        vectors: each of the shape (size,) or (frames, size); at least one
    """
    _, mean, square = _moments(vectors)
    return _of_moments(mean, square - mean**2)


def adapted_statistics(
    vectors: Sequence[Vector], training: Statistics, *, adaptation: str
) -> Statistics:
    """What one film, or one set of clips, is standardised with.

    ``none`` takes the training rows' statistics as they are, ``set`` those of
    *vectors*. ``film`` takes the latter, shrunk towards the training rows' as
    if those were `PRIOR_STRETCHES` more stretches, since a few stretches say
    little about a film and may all be of one kind.

    Args:
        vectors: the features of every stretch, each of the shape (size,) or
            (frames, size)
        training: of the training rows
        adaptation: one of `ADAPTATIONS`
    """
    if adaptation == "none" or not vectors:
        return training
    _, film_mean, film_square = _moments(vectors)
    prior = 0 if adaptation == "set" else PRIOR_STRETCHES
    own = len(vectors) / (len(vectors) + prior)
    mean = own * film_mean + (1 - own) * training.mean
    spread = own * (film_square - 2 * mean * film_mean + mean**2)
    spread += (1 - own) * (training.scale.astype(np.float64) ** 2 + (training.mean - mean) ** 2)
    return _of_moments(mean, spread)


def _moments(vectors: Sequence[Vector]) -> tuple[int, Array, Array]:
    """Number, mean and mean square of all frames; one stretch after the other, to spare memory."""
    count, total, square = 0, np.zeros(1), np.zeros(1)
    for vector in vectors:
        frames = np.atleast_2d(vector).astype(np.float64)
        count += len(frames)
        total = total + frames.sum(axis=0)
        square = square + (frames**2).sum(axis=0)
    return count, total / count, square / count


def _of_moments(mean: Array, variance: Array) -> Statistics:
    # A feature that never changes tells nothing; scikit-learn's scaler does the same.
    tiny = 1e-12 * (1 + mean**2)
    scale = np.where(variance > tiny, np.sqrt(np.maximum(variance, tiny)), 1.0)
    return Statistics(mean.astype(np.float32), scale.astype(np.float32))
