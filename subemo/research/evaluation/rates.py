"""The metrics shared by all evaluations, on plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def share(right: Mask) -> float:
    """The share of True, 0 to 1; NaN if empty.

    >>> share(np.array([True, False, True, True]))
    0.75
    """
    return float(right.mean()) if right.size else float("nan")


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927).

    >>> low, high = wilson(80, 100)
    >>> round(low, 3), round(high, 3)
    (0.711, 0.867)
    """
    from scipy.stats import binomtest

    low, high = binomtest(right, of).proportion_ci(0.95, method="wilson")
    return float(low), float(high)


def accuracy(labels: Index, predicted: Index) -> float:
    """The share of correct predictions, 0 to 1; NaN if empty.

    Args:
        labels: true classes, shape (n,)
        predicted: predicted classes, shape (n,)
    """
    return share(labels == predicted)


def unweighted_average_recall(labels: Index, predicted: Index) -> float:
    """Unweighted average recall (UAR): the mean recall of the classes present, 0 to 1.

    The same number as scikit-learn's, in a hundredth of its time: an interval needs
    a thousand of them.

    Args:
        labels: true classes, shape (n,)
        predicted: predicted classes, shape (n,)

    >>> unweighted_average_recall(np.array([0, 0, 0, 3]), np.array([0, 1, 1, 3]))
    0.6666666666666666
    """
    clips = np.bincount(labels)
    right = np.bincount(labels[labels == predicted], minlength=clips.size)
    present = np.flatnonzero(clips)
    return float(np.mean(right[present] / clips[present])) if present.size else float("nan")


def macro_f1(labels: Index, predicted: Index) -> float:
    """The mean F1 of the classes present, 0 to 1; the same number as scikit-learn's.

    Args:
        labels: true classes, shape (n,)
        predicted: predicted classes, shape (n,)

    >>> macro_f1(np.array([0, 0, 0, 3]), np.array([0, 1, 1, 3]))
    0.75
    """
    each, _ = _f1(labels, predicted)
    return float(np.mean(each)) if each.size else float("nan")


def weighted_f1(labels: Index, predicted: Index) -> float:
    """The mean F1 weighted by the classes' numbers of labels; see `macro_f1`.

    >>> weighted_f1(np.array([0, 0, 0, 3]), np.array([0, 1, 1, 3]))
    0.625
    """
    each, clips = _f1(labels, predicted)
    return float(np.average(each, weights=clips)) if each.size else float("nan")


def _f1(labels: Index, predicted: Index) -> tuple[Array, Index]:
    """The F1 of each class present, and its number of labels."""
    size = 1 + max(labels.max(initial=0), predicted.max(initial=0))
    clips, answers = (np.bincount(classes, minlength=size) for classes in (labels, predicted))
    right = np.bincount(labels[labels == predicted], minlength=size)
    present = np.flatnonzero(clips)
    return 2 * right[present] / (clips[present] + answers[present]), clips[present]


def calibration_error(confidence: Array, right: Mask, *, bins: int) -> float:
    """The expected calibration error (Naeini et al., 2015), 0 to 1; NaN if empty.

    Args:
        confidence: confidence of each prediction, 0 to 1, shape (n,)
        right: whether each prediction is correct, shape (n,)
        bins: number of bins of equal width
    """
    if not confidence.size:
        return float("nan")
    gaps = np.bincount(bins_of(confidence, bins), weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / confidence.size)


def bins_of(confidence: Array, bins: int) -> Index:
    """The bin of equal width that each confidence falls into, from 0.

    >>> bins_of(np.array([0.0, 0.49, 0.5, 1.0]), 2).tolist()
    [0, 0, 1, 1]
    """
    return np.minimum((confidence * bins).astype(np.int64), bins - 1)


def surest(confidence: Array) -> Index:
    """The positions of the predictions by descending confidence, stable for equal ones.

    >>> surest(np.array([0.2, 0.9, 0.9, 0.5])).tolist()
    [1, 2, 3, 0]
    """
    return np.argsort(-confidence, kind="stable")


def sklearn_metrics() -> Any:
    """scikit-learn's metrics.

    Raises:
        MissingExtraError: if it is not installed
    """
    try:
        import sklearn.metrics
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "evaluate") from error
    return sklearn.metrics
