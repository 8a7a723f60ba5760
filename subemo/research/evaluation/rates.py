"""The rates that every evaluation here is made of, on plain arrays: one definition of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def share(right: Mask) -> float:
    """The share that is right, 0 to 1; NaN of none.

    >>> share(np.array([True, False, True, True]))
    0.75
    """
    return float(right.mean()) if right.size else float("nan")


def likeliest(probabilities: npt.NDArray[np.floating]) -> Index:
    """The likeliest class of each row; of equal ones the first.

    Args:
        probabilities: or logits, shape (n, classes)

    Returns:
        positions of classes, shape (n,)

    >>> likeliest(np.array([[0.2, 0.8], [0.5, 0.5]])).tolist()
    [1, 0]
    """
    return np.asarray(probabilities.argmax(axis=1))


def count_right(labels: Index, predicted: Index) -> int:
    """How many of the answers are right.

    Args:
        labels: true classes, shape (n,)
        predicted: answers, shape (n,)

    >>> count_right(np.array([0, 1, 1]), np.array([0, 1, 0]))
    2
    """
    return int((labels == predicted).sum())


def accuracy(labels: Index, predicted: Index) -> float:
    """The share of the answers that are right, 0 to 1; NaN of none.

    Args:
        labels: true classes, shape (n,)
        predicted: answers, shape (n,)
    """
    return share(labels == predicted)


def unweighted_average_recall(labels: Index, predicted: Index) -> float:
    """The mean of how often each class is found that there is (UAR), 0 to 1.

    Args:
        labels: true classes, shape (n,)
        predicted: answers, shape (n,)

    Raises:
        MissingExtraError: without scikit-learn
    """
    classes = np.unique(labels)
    recall = sklearn_metrics().recall_score(labels, predicted, labels=classes, average="macro")
    return float(recall)


def calibration_error(confidence: Array, right: Mask, *, bins: int) -> float:
    """The expected calibration error (Naeini et al., 2015), 0 to 1; NaN of none.

    Args:
        confidence: of each answer, 0 to 1, shape (n,)
        right: whether it is, shape (n,)
        bins: how many of equal width
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
    """The positions of the answers, the most confident first; of equal ones the earlier.

    >>> surest(np.array([0.2, 0.9, 0.9, 0.5])).tolist()
    [1, 2, 3, 0]
    """
    return np.argsort(-confidence, kind="stable")


def sklearn_metrics() -> Any:
    """scikit-learn's metrics.

    Raises:
        MissingExtraError: without it
    """
    try:
        import sklearn.metrics
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "evaluate") from error
    return sklearn.metrics
