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


def statistics_of(vectors: Sequence[Vector]) -> Statistics:
    """Mean and spread of the features of several stretches.

    Args:
        vectors: each of the shape (size,) or (frames, size); at least one
    """
    mean, square = _moments(vectors)
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
    film_mean, film_square = _moments(vectors)
    prior = 0 if adaptation == "set" else PRIOR_STRETCHES
    own = len(vectors) / (len(vectors) + prior)
    mean = own * film_mean + (1 - own) * training.mean
    spread = own * (film_square - 2 * mean * film_mean + mean**2)
    spread += (1 - own) * (training.scale.astype(np.float64) ** 2 + (training.mean - mean) ** 2)
    return _of_moments(mean, spread)


def _moments(vectors: Sequence[Vector]) -> tuple[Array, Array]:
    """Mean and mean square; one stretch after the other, to spare memory."""
    if vectors[0].ndim == 1:
        rows = np.asarray(vectors, dtype=np.float64)
        return rows.mean(axis=0), (rows**2).mean(axis=0)
    count = np.zeros((3, 1))
    total, square = np.zeros((2, 3, vectors[0].shape[1]))
    for frames in vectors:
        first, second, rest = np.split(summarised(frames).astype(np.float64), [1, 2])
        for kind, part in enumerate((first, second, rest)):
            count[kind] += len(part)
            total[kind] += part.sum(axis=0)
            square[kind] += (part**2).sum(axis=0)
    return total / count, square / count


def _of_moments(mean: Array, variance: Array) -> Statistics:
    # A feature that never changes tells nothing; scikit-learn's scaler does the same.
    tiny = 1e-12 * (1 + mean**2)
    scale = np.where(variance > tiny, np.sqrt(np.maximum(variance, tiny)), 1.0)
    return Statistics(mean.astype(np.float32), scale.astype(np.float32))
