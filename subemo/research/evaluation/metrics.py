"""Metrics of scored predictions, with intervals.

Conventions: `Scored` as in `subemo.research.evaluation.metrics`; every metric is a
function of it and of row numbers, and returns a number from 0 to 1, or NaN if
those rows do not define it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS, Emotion
from . import figures, rates
from .figures import Figure

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
        return np.asarray(self.probabilities.argmax(axis=1))

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


#: The emotions that the 2024 report (Davies and Chen) calls strong ("Results").
#: `--policy strong` depends on the words instead: `subemo.tagging.decisions.refusal_of_run`.
STRONG_IN_REPORT = frozenset({Emotion.ANGRY, Emotion.DISGUST, Emotion.SAD})

#: Bins of the calibration error.
BINS = 15

#: Shares of the clips, the most confident first, that `coverage` reports.
COVERAGES = (0.1, 0.25, 0.5, 0.75, 1.0)


def accuracy(scored: Scored, rows: Index) -> float:
    """Share of clips whose likeliest class is correct."""
    return rates.accuracy(scored.labels[rows], scored.predicted[rows])


def uar(scored: Scored, rows: Index) -> float:
    """Unweighted average recall over the classes that have clips."""
    return rates.unweighted_average_recall(scored.labels[rows], scored.predicted[rows])


def f1(scored: Scored, rows: Index) -> float:
    """Unweighted average F1 over the classes that have clips."""
    return rates.macro_f1(scored.labels[rows], scored.predicted[rows])


def ece(scored: Scored, rows: Index) -> float:
    """Expected calibration error (Naeini et al., 2015) over `BINS` equal bins."""
    return rates.calibration_error(scored.confidence[rows], scored.right[rows], bins=BINS)


def _accuracy_where(scored: Scored, rows: Index, *, strong: bool) -> float:
    """Accuracy on the emotions that the 2024 report calls strong, or on all others."""
    is_strong = np.array([emotion in STRONG_IN_REPORT for emotion in scored.emotions])
    chosen = rows[is_strong[scored.labels[rows]] == strong]
    return accuracy(scored, chosen)


METRICS: dict[str, Callable[[Scored, Index], float]] = {
    "accuracy": accuracy,
    "uar": uar,
    "f1": f1,
    "ece": ece,
    "strong_accuracy": partial(_accuracy_where, strong=True),
    "other_accuracy": partial(_accuracy_where, strong=False),
}

#: The metrics for which higher is better; for these a minimum can be required.
HIGHER_IS_BETTER = ("accuracy", "uar", "f1", "strong_accuracy", "other_accuracy")


def evaluate(scored: Scored, *, protocol: str) -> dict[str, Figure]:
    """Every metric defined on the set, with its 95 % interval."""
    every = np.arange(scored.labels.size)
    groups, interval = scored.groups, f"bootstrap, by {scored.grouped_by}"
    if np.unique(groups).size == 1:  # draws of one group are all alike
        groups, interval = every.astype(str), f"bootstrap, by clip (one {scored.grouped_by})"
    measured = {}
    for name, metric in METRICS.items():
        value = metric(scored, every)
        if np.isnan(value):
            continue
        if value in (0, 1) and name in HIGHER_IS_BETTER:
            # So is every draw; an interval without width would claim to know it exactly.
            share = Figure.of_share(name, round(value * every.size), every.size, protocol=protocol)
            measured[name] = share
            continue
        of = partial(metric, scored)
        measured[name] = Figure.of_rows(name, of, groups, protocol=protocol, interval=interval)
    return measured


def confusion(scored: Scored) -> Index:
    """The confusion matrix: true class (row) by prediction (column), shape (classes, classes)."""
    classes = np.arange(len(scored.emotions))
    with warnings.catch_warnings():
        # scikit-learn warns about a single label although labels are given.
        warnings.filterwarnings("ignore", message="A single label was found")
        counts = rates.sklearn_metrics().confusion_matrix(
            scored.labels, scored.predicted, labels=classes
        )
    return np.asarray(counts)


def classification_report(scored: Scored) -> dict[str, Any]:
    """Precision, recall and F1 of each class, and their averages."""
    report: dict[str, Any] = rates.sklearn_metrics().classification_report(
        scored.labels,
        scored.predicted,
        labels=np.arange(len(scored.emotions)),
        target_names=[emotion.value for emotion in scored.emotions],
        output_dict=True,
        zero_division=0,
    )
    return report


def recalls(scored: Scored, *, protocol: str) -> dict[Emotion, Figure]:
    """The recall of each class that has clips."""
    counts = confusion(scored)
    return {
        emotion: Figure.of_share(
            f"recall of {emotion.value}", int(row[i]), int(row.sum()), protocol=protocol
        )
        for i, (emotion, row) in enumerate(zip(scored.emotions, counts, strict=True))
        if row.sum()
    }


def most_confident(scored: Scored, share: float, *, protocol: str) -> Figure:
    """Accuracy among the most confident clips.

    Args:
        scored: labels and predictions
        share: of the clips, above 0 to 1; at least one clip
        protocol: the name of the protocol
    """
    count = max(1, round(share * scored.labels.size))
    chosen = rates.surest(scored.confidence)[:count]
    return figures.accuracy(scored.labels[chosen], scored.predicted[chosen], protocol=protocol)


def coverage(scored: Scored) -> list[dict[str, float]]:
    """Accuracy among the most confident clips, for each of `COVERAGES`."""
    confidence = scored.confidence[rates.surest(scored.confidence)]
    most = [(share, most_confident(scored, share, protocol="")) for share in COVERAGES]
    return [
        {
            "coverage": share,
            "clips": figure.clips,
            "accuracy": figure.value,
            "low": figure.low,
            "high": figure.high,
            "confidence_at_least": float(confidence[figure.clips - 1]),
        }
        for share, figure in most
    ]


def mcnemar(first: Scored, second: Scored) -> tuple[int, int, float]:
    """McNemar's exact test (1947) of two models on the same clips.

    Returns:
        the numbers of clips that only the first and only the second model gets right, and the
            probability of so uneven a split if both were equally good
    """
    from scipy.stats import binomtest

    if not np.array_equal(first.labels, second.labels):
        raise ValueError("the two models were not evaluated on the same clips")
    first_only = int((first.right & ~second.right).sum())
    second_only = int((second.right & ~first.right).sum())
    together = first_only + second_only
    p = float(binomtest(first_only, together).pvalue) if together else 1.0
    return first_only, second_only, p
