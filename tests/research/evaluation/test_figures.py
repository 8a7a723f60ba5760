from __future__ import annotations

import numpy as np
import pytest

from subemo.research.evaluation import rates
from subemo.research.evaluation.figures import Figure, accuracy

LABELS = np.arange(400) % 8


RATES = {"accuracy": rates.accuracy, "uar": rates.unweighted_average_recall}


def by_speaker(
    metric: str, labels: np.ndarray, predicted: np.ndarray, speakers: np.ndarray
) -> Figure:
    def measure(rows: np.ndarray) -> float:
        return RATES[metric](labels[rows], predicted[rows])

    return Figure.of_rows(metric, measure, speakers, protocol="test")


def answers(right: float, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return np.where(generator.random(400) < right, LABELS, (LABELS + 1) % 8)


def test_wilsons_interval() -> None:
    # Wilson (1927) for 80 of 100: 0.711 to 0.867.
    labels = np.zeros(100, dtype=int)
    predicted = np.repeat([0, 1], [80, 20])
    figure = accuracy(labels, predicted, protocol="test")
    assert figure.value == 0.8
    assert figure.low == pytest.approx(0.7112, abs=1e-4)
    assert figure.high == pytest.approx(0.8666, abs=1e-4)


def test_says_what_it_is() -> None:
    figure = accuracy(LABELS, answers(0.5), protocol="speakers held out")
    assert str(figure).startswith("accuracy ")
    assert str(figure).endswith("400 clips, speakers held out")


@pytest.mark.parametrize("metric", ["accuracy", "uar"])
def test_speakers_that_differ_widen_the_interval(metric: str) -> None:
    speakers = np.repeat([f"s{i}" for i in range(10)], 40)
    alike = by_speaker(metric, LABELS, answers(0.5), speakers)
    half = np.where(np.arange(400) < 200, LABELS, (LABELS + 1) % 8)
    apart = by_speaker(metric, LABELS, half, speakers)
    assert apart.value == pytest.approx(0.5)
    assert alike.low < alike.value < alike.high
    assert apart.high - apart.low > 2 * (alike.high - alike.low)


def test_uar_weighs_classes_alike() -> None:
    labels = np.repeat([0, 1], [90, 10])
    figure = by_speaker("uar", labels, np.zeros(100, dtype=int), np.full(100, "s"))
    assert figure.value == 0.5
