from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.research.evaluation.metrics import score

N, C, H, S = Emotion.NEUTRAL, Emotion.CALM, Emotion.HAPPY, Emotion.SAD


def row(**probabilities: float) -> list[float]:
    return [probabilities.get(emotion.value, 0.0) for emotion in EMOTIONS]


def groups(count: int) -> list[str]:
    return [str(i) for i in range(count)]


def test_only_classes_with_clips_are_scored_and_renormalised() -> None:
    scored = score([H, S], [row(happy=0.2, angry=0.8), row(sad=0.3, happy=0.1, fear=0.6)],
                   groups=groups(2))  # fmt: skip
    assert scored.emotions == (H, S)
    np.testing.assert_allclose(scored.probabilities, np.array([[1, 0], [0.25, 0.75]]))
    assert (scored.predicted == scored.labels).all()
    assert scored.missing == tuple(e for e in EMOTIONS if e not in (H, S))


def test_calm_counts_as_neutral_where_the_set_has_no_calm() -> None:
    answers = [row(calm=0.5, neutral=0.1, happy=0.4), row(happy=1)]
    scored = score([N, H], answers, groups=groups(2))
    np.testing.assert_allclose(scored.probabilities[0], [0.6, 0.4])


def test_calm_stands_for_itself_where_the_set_has_it() -> None:
    answers = [row(calm=0.5, neutral=0.1, happy=0.4)] * 2
    scored = score([N, C], answers, groups=groups(2))
    np.testing.assert_allclose(scored.probabilities[0], [1 / 6, 5 / 6])


def test_all_classes_changes_nothing() -> None:
    answers = [row(calm=0.5, neutral=0.1, happy=0.4), row(angry=1)]
    scored = score([N, H], answers, groups=groups(2), all_classes=True)
    assert scored.emotions == EMOTIONS
    np.testing.assert_allclose(scored.probabilities, answers)
    assert C in scored.missing


def test_certain_of_a_class_that_is_not_there() -> None:
    scored = score([H, S], [row(angry=1), row(sad=1)], groups=groups(2))
    np.testing.assert_allclose(scored.probabilities[0], [0.5, 0.5])


@pytest.mark.parametrize(
    ("labels", "answers", "count", "message"),
    [
        ([], np.empty((0, 8)), 0, "no clips"),
        ([H], [[1.0]], 1, "do not match"),
        ([H], [row(happy=1)], 2, "do not match"),
        ([H], [row(happy=0.5)], 1, "does not sum to 1"),
        ([H], [row(happy=2, sad=-1)], 1, "between 0 and 1"),
        ([H], [row(happy=float("nan"))], 1, "between 0 and 1"),
    ],
)
def test_nonsense_is_refused(labels: list[Any], answers: object, count: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        score(labels, answers, groups=groups(count))  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(EMOTIONS), min_size=1, max_size=30), st.integers(0, 1000))
def test_rows_stay_distributions(labels: list[Emotion], seed: int) -> None:
    answers = np.random.default_rng(seed).dirichlet(np.ones(8), len(labels))
    scored = score(labels, answers, groups=groups(len(labels)))
    np.testing.assert_allclose(scored.probabilities.sum(axis=1), 1)
    assert set(scored.emotions) == set(labels)
    assert [scored.emotions[label] for label in scored.labels] == labels
