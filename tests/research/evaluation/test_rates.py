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


@pytest.mark.parametrize("clips", [1, 5, 40, 300])
@pytest.mark.parametrize("seed", range(5))
def test_uar_and_f1_are_scikit_learns(clips: int, seed: int) -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    generator = np.random.default_rng(seed)
    labels, predicted = generator.integers(8, size=(2, clips))
    averaged = {"labels": np.unique(labels), "average": "macro", "zero_division": 0}
    recall = sklearn.recall_score(labels, predicted, **averaged)
    assert rates.unweighted_average_recall(labels, predicted) == pytest.approx(recall, abs=1e-12)
    f1 = sklearn.f1_score(labels, predicted, **averaged)
    assert rates.macro_f1(labels, predicted) == pytest.approx(f1, abs=1e-12)
    weighted = sklearn.f1_score(labels, predicted, average="weighted")
    assert rates.weighted_f1(labels, predicted) == pytest.approx(weighted, abs=1e-12)


def test_a_class_without_clips_has_no_recall() -> None:
    found = rates.unweighted_average_recall(np.array([0, 0]), np.array([0, 3]))
    assert found == 0.5


def test_of_nothing() -> None:
    nothing = np.array([], dtype=np.int64)
    assert math.isnan(rates.accuracy(nothing, nothing))
    assert math.isnan(rates.unweighted_average_recall(nothing, nothing))
    assert math.isnan(rates.macro_f1(nothing, nothing))
    assert math.isnan(rates.share(nothing.astype(bool)))
    assert math.isnan(rates.calibration_error(nothing.astype(float), nothing == 0, bins=10))


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.6, 0.65, 0.9, 1.0])
    right = np.array([True, False, True, True])
    # Two bins of ten: |0.6 + 0.65 - 1| and |0.9 + 1.0 - 2|, over four answers.
    assert rates.calibration_error(confidence, right, bins=10) == pytest.approx(0.35 / 4)


def test_of_equally_sure_answers_the_earlier_comes_first() -> None:
    assert rates.surest(np.array([0.5, 0.7, 0.5, 0.7])).tolist() == [1, 3, 0, 2]
