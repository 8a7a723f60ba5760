"""The rates on plain arrays, by hand and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from subemo.research.evaluation import rates

LABELS = np.array([0, 0, 1, 1, 1, 2])
PREDICTED = np.array([0, 1, 1, 1, 0, 0])


def test_accuracy_is_scikit_learns() -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    assert rates.accuracy(LABELS, PREDICTED) == sklearn.accuracy_score(LABELS, PREDICTED) == 0.5
    recall = rates.unweighted_average_recall(LABELS, PREDICTED)
    assert recall == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)
    assert recall == pytest.approx(sklearn.balanced_accuracy_score(LABELS, PREDICTED))


def test_a_class_without_clips_has_no_recall() -> None:
    pytest.importorskip("sklearn")
    found = rates.unweighted_average_recall(np.array([0, 0]), np.array([0, 3]))
    assert found == 0.5


def test_of_nothing() -> None:
    nothing = np.array([], dtype=np.int64)
    assert math.isnan(rates.accuracy(nothing, nothing))
    assert math.isnan(rates.share(nothing.astype(bool)))
    assert math.isnan(rates.calibration_error(nothing.astype(float), nothing == 0, bins=10))


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.6, 0.65, 0.9, 1.0])
    right = np.array([True, False, True, True])
    # Two bins of ten: |0.6 + 0.65 - 1| and |0.9 + 1.0 - 2|, over four answers.
    assert rates.calibration_error(confidence, right, bins=10) == pytest.approx(0.35 / 4)


def test_of_equally_sure_answers_the_earlier_comes_first() -> None:
    assert rates.surest(np.array([0.5, 0.7, 0.5, 0.7])).tolist() == [1, 3, 0, 2]
