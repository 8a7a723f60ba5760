"""Selects the classes to score: by default, those in the set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS, Emotion
from . import rates

Index = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scored:
    """Labels and predictions over the scored classes.

    Attributes:
        emotions: the classes, in the order of `EMOTIONS`
        labels: true classes, positions in `emotions`, shape (clips,)
        probabilities: shape (clips, classes), each row summing to 1
        groups: the group of each clip in a bootstrap, shape (clips,)
        grouped_by: ``speaker`` or ``clip``
    """

    emotions: tuple[Emotion, ...]
    labels: Index
    probabilities: Probabilities
    groups: Names
    grouped_by: str

    @property
    def predicted(self) -> Index:
        """The likeliest class of each clip, shape (clips,)."""
        return rates.likeliest(self.probabilities)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether the prediction is correct, shape (clips,)."""
        return np.asarray(self.predicted == self.labels)

    @property
    def confidence(self) -> Probabilities:
        """The probability of the prediction, shape (clips,)."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def missing(self) -> tuple[Emotion, ...]:
        """The emotions without clips, which are left out of averages."""
        return tuple(emotion for emotion in EMOTIONS if emotion not in self._present)

    @property
    def _present(self) -> set[Emotion]:
        return {self.emotions[label] for label in np.unique(self.labels)}


def score(
    emotions: Sequence[Emotion],
    probabilities: npt.ArrayLike,
    *,
    groups: Sequence[str],
    grouped_by: str = "clip",
    all_classes: bool = False,
) -> Scored:
    """Prepares predictions for scoring.

    By default only classes with clips in the set are scored: the others'
    probabilities are dropped and the rest renormalised, and if the set has
    no calm, calm counts as neutral (most corpora have no calm and label it
    neutral).

    Args:
        emotions: the true emotion of each clip
        probabilities: of the eight emotions, shape (clips, 8)
        groups: the group of each clip in a bootstrap: the speaker, or
            the clip itself; versions of a clip always share a group
        grouped_by: the kind of group, ``speaker`` or ``clip``
        all_classes: whether to score all eight classes unchanged

    Raises:
        ValueError: if the shapes do not match, there are no clips, or a row is
            not a distribution
    """
    given = np.asarray(probabilities, dtype=np.float64)
    validate(emotions, given, groups)
    kept = np.array([all_classes or emotion in set(emotions) for emotion in EMOTIONS])
    given = given.copy()
    neutral, calm = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
    if kept[neutral] and not kept[calm]:
        given[:, neutral] += given[:, calm]
    chosen = given[:, kept]
    total = chosen.sum(axis=1, keepdims=True)
    # A model may be certain of a class that is not in the set.
    even = np.full_like(chosen, 1 / chosen.shape[1])
    chosen = np.divide(chosen, total, out=even, where=total > 0)
    classes = tuple(emotion for emotion, keep in zip(EMOTIONS, kept, strict=True) if keep)
    labels = np.array([classes.index(emotion) for emotion in emotions])
    return Scored(classes, labels, chosen, np.array(groups), grouped_by)


def validate(
    emotions: Sequence[Emotion], probabilities: Probabilities, groups: Sequence[str]
) -> None:
    """Raises ValueError for invalid input of `score`."""
    if not len(emotions):
        raise ValueError("there are no clips to score")
    if probabilities.shape != (len(emotions), len(EMOTIONS)) or len(groups) != len(emotions):
        raise ValueError(
            f"{len(emotions)} labels, {len(groups)} groups and probabilities of the shape "
            f"{probabilities.shape} do not match"
        )
    sums = probabilities.sum(axis=1)
    if not (np.isfinite(probabilities).all() and (probabilities >= 0).all()):
        raise ValueError("probabilities must be between 0 and 1")
    if np.abs(sums - 1).max() > 1e-3:
        raise ValueError(f"row {int(np.abs(sums - 1).argmax())} does not sum to 1")
