"""What of a model's answers is scored: by default, the classes that the set has."""

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
    """Labels and answers over the classes that are scored.

    Attributes:
        emotions: the classes, in the order of `EMOTIONS`
        labels: true classes, positions in `emotions`, shape (clips,)
        probabilities: shape (clips, classes), each row summing to 1
        groups: which clips belong together in a bootstrap, shape (clips,)
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
        """Whether it is the true one, shape (clips,)."""
        return np.asarray(self.predicted == self.labels)

    @property
    def confidence(self) -> Probabilities:
        """Its probability, shape (clips,)."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def missing(self) -> tuple[Emotion, ...]:
        """The emotions that no clip has; no average counts them."""
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
    """What is scored of a model's answers.

    By default the classes that have clips in the set: the others'
    probabilities are dropped and the rest renormalised, and where the set has
    no calm, calm counts as neutral (most corpora know no calm, and label it
    neutral).

    Args:
        emotions: the true emotion of each clip
        probabilities: of the eight emotions, shape (clips, 8)
        groups: which clips belong together in a bootstrap: the speaker, or
            the clip itself; versions of a clip always share a group
        grouped_by: what *groups* are, ``speaker`` or ``clip``
        all_classes: whether all eight are scored as they are

    Raises:
        ValueError: if the shapes do not fit, there are no clips, or a row is
            no distribution
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
    # A model may be certain of a class that the set does not have.
    even = np.full_like(chosen, 1 / chosen.shape[1])
    chosen = np.divide(chosen, total, out=even, where=total > 0)
    classes = tuple(emotion for emotion, keep in zip(EMOTIONS, kept, strict=True) if keep)
    labels = np.array([classes.index(emotion) for emotion in emotions])
    return Scored(classes, labels, chosen, np.array(groups), grouped_by)


def validate(
    emotions: Sequence[Emotion], probabilities: Probabilities, groups: Sequence[str]
) -> None:
    """Raises ValueError where `score` could only give nonsense."""
    if not len(emotions):
        raise ValueError("there are no clips to score")
    if probabilities.shape != (len(emotions), len(EMOTIONS)) or len(groups) != len(emotions):
        raise ValueError(
            f"{len(emotions)} labels, {len(groups)} groups and probabilities of the shape "
            f"{probabilities.shape} do not fit"
        )
    sums = probabilities.sum(axis=1)
    if not (np.isfinite(probabilities).all() and (probabilities >= 0).all()):
        raise ValueError("probabilities are between 0 and 1")
    if np.abs(sums - 1).max() > 1e-3:
        raise ValueError(f"row {int(np.abs(sums - 1).argmax())} does not sum to 1")
