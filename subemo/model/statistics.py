"""What features are standardised with: the training rows, the set, or the film at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..features import Vector

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


def adapted_statistics(
    vectors: Sequence[Vector], training: Statistics, *, adaptation: str
) -> Statistics:
    """What one film, or one set of clips, is standardised with.

    ``none`` takes the training rows' statistics as they are, ``set`` those of
    *vectors*. ``film`` takes the latter, shrunk towards the training rows' as
    if those were `PRIOR_STRETCHES` more stretches, since a few stretches say
    little about a film and may all be of one kind.

    Args:
        vectors: the features of every stretch, each of the shape (size,)
        training: of the training rows
        adaptation: one of `ADAPTATIONS`
    """
    if adaptation == "none" or not vectors:
        return training
    film = np.asarray(vectors, dtype=np.float64)
    prior = 0 if adaptation == "set" else PRIOR_STRETCHES
    own = len(film) / (len(film) + prior)
    mean = own * film.mean(axis=0) + (1 - own) * training.mean
    spread = own * ((film - mean) ** 2).mean(axis=0)
    spread += (1 - own) * (training.scale.astype(np.float64) ** 2 + (training.mean - mean) ** 2)
    # A feature that never changes tells nothing; scikit-learn's scaler does the same.
    scale = np.where(spread > 0, np.sqrt(spread), 1.0)
    return Statistics(mean.astype(np.float32), scale.astype(np.float32))
