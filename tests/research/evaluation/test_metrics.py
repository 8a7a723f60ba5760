"""Metrics on small committed answers, against expected values from an independent source.

`data/*.json` was written by `expected.py` beside it, which computes every value by plain
counting and knows nothing of subemo or scikit-learn.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.research.evaluation import metrics
from subemo.research.evaluation.metrics import Scored, evaluate, score

DATA = Path(__file__).parent / "data"


def load(name: str, *, all_classes: bool = False) -> Scored:
    with (DATA / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return score(
        [Emotion(row["emotion"]) for row in rows],
        [[float(row[emotion]) for emotion in EMOTIONS] for row in rows],
        groups=[row["speaker"] for row in rows],
        grouped_by="speaker",
        all_classes=all_classes,
    )


@pytest.mark.parametrize("name", ["eight", "four", "one"])
@pytest.mark.parametrize("all_classes", [False, True])
def test_values_are_as_expected(name: str, all_classes: bool) -> None:
    scored = load(name, all_classes=all_classes)
    every = np.arange(scored.labels.size)
    expected = json.loads((DATA / f"{name}.json").read_text())
    for metric, value in expected["all_classes" if all_classes else "present"].items():
        if metric == "confusion":
            assert metrics.confusion(scored).tolist() == value
        elif value is None:
            assert np.isnan(metrics.METRICS[metric](scored, every))
        else:
            assert metrics.METRICS[metric](scored, every) == pytest.approx(value, abs=1e-9)


def test_intervals_hold_their_value_and_are_repeatable() -> None:
    figures = evaluate(load("eight"), protocol="test")
    assert set(figures) == set(metrics.METRICS)
    for figure in figures.values():
        assert 0 <= figure.low <= figure.value <= figure.high <= 1 or figure.metric == "ece"
        assert figure.interval == "bootstrap, by speaker"
        assert (figure.clips, figure.protocol) == (80, "test")
    assert figures == evaluate(load("eight"), protocol="test")


def test_a_set_of_one_class_has_no_other_accuracy() -> None:
    assert "other_accuracy" not in evaluate(load("one"), protocol="test")


def test_perfect_answers_score_one() -> None:
    scored = score(EMOTIONS, np.eye(8), groups=[str(i) for i in range(8)])
    figures = evaluate(scored, protocol="test")
    assert {name: figure.value for name, figure in figures.items()} == {
        "accuracy": 1, "uar": 1, "f1": 1, "ece": 0, "strong_accuracy": 1, "other_accuracy": 1
    }  # fmt: skip


def test_coverage_takes_the_surest_first() -> None:
    rows = metrics.coverage(load("eight"))
    assert [row["coverage"] for row in rows] == [0.1, 0.25, 0.5, 0.75, 1.0]
    assert [row["clips"] for row in rows] == [8, 20, 40, 60, 80]
    thresholds = [row["confidence_at_least"] for row in rows]
    assert thresholds == sorted(thresholds, reverse=True)
    scored = load("eight")
    assert rows[-1]["accuracy"] == pytest.approx((scored.labels == scored.predicted).mean())


def test_recalls_are_the_diagonal_with_intervals() -> None:
    counts = metrics.confusion(load("four"))
    figures = metrics.recalls(load("four"), protocol="test")
    assert list(figures) == ["neutral", "happy", "sad", "angry"]
    for i, figure in enumerate(figures.values()):
        assert figure.value == pytest.approx(counts[i, i] / counts[i].sum())
        assert figure.low <= figure.value <= figure.high
        assert figure.clips == counts[i].sum()


def test_classification_report_has_every_class() -> None:
    report = metrics.classification_report(load("four"))
    assert {"neutral", "happy", "sad", "angry", "macro avg"} <= set(report)
    assert report["angry"]["recall"] == pytest.approx(
        np.diag(metrics.confusion(load("four")))[3] / metrics.confusion(load("four"))[3].sum()
    )


class TestMcnemar:
    def test_alike(self) -> None:
        assert metrics.mcnemar(load("eight"), load("eight")) == (0, 0, 1.0)

    def test_one_is_better(self) -> None:
        labels = [EMOTIONS[i % 8] for i in range(80)]
        right = np.eye(8)[np.arange(80) % 8]
        half = right.copy()
        half[:12] = np.roll(half[:12], 1, axis=1)
        groups = [str(i) for i in range(80)]
        first, second = (score(labels, answers, groups=groups) for answers in (right, half))
        *only_right, p = metrics.mcnemar(first, second)
        assert only_right == [12, 0]
        assert p == pytest.approx(2 * 0.5**12)  # the sign test, both sides

    def test_not_the_same_clips(self) -> None:
        with pytest.raises(ValueError, match="same clips"):
            metrics.mcnemar(load("eight"), load("four"))


def test_no_interval_is_without_width() -> None:
    """With one speaker, or where every clip is right, all draws of speakers are alike."""
    shares = np.eye(8)[[2, 3, 4, 2, 3, 4]] * 0.9 + 0.0125
    for last, speakers in (
        (Emotion.ANGRY, "aaaaaa"),
        (Emotion.SAD, "aaaaaa"),
        (Emotion.ANGRY, "abcabc"),
    ):
        true = [Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.HAPPY, Emotion.SAD, last]
        scored = score(true, shares.tolist(), groups=list(speakers), grouped_by="speaker")
        found = evaluate(scored, protocol="x")
        for name in ("accuracy", "uar", "f1"):
            assert found[name].low < found[name].high, name
            assert found[name].low <= found[name].value <= found[name].high
    assert found["accuracy"].interval == "Wilson, by clip"
