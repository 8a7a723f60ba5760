"""Metrics on hand-made arrays, against values that were computed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from subemo.core.emotions import EMOTIONS, UNMARKED
from subemo.research.films import metrics
from subemo.research.films.answers import EMOTIONAL, NO_TAG, FilmAnswers
from subemo.research.films.dialogues import Agreement

NEUTRAL, CALM, HAPPY, SAD, ANGRY, FEAR = range(6)


def posterior(emotion: int | None, sure: float = 0.65) -> list[float]:
    """Sure of one emotion, the rest even; NaN for none."""
    if emotion is None:
        return [float("nan")] * 8
    rest = (1 - sure) / 7
    return [sure if place == emotion else rest for place in range(8)]


def made(
    truth: Sequence[int],
    shown: Sequence[int],
    joint: Sequence[list[float]],
    *,
    words: Sequence[list[float]] | None = None,
    kind: Sequence[Agreement] | None = None,
    person: Sequence[str] | None = None,
    dialogue: Sequence[str] | None = None,
) -> FilmAnswers:
    cues = len(truth)
    same = {name: np.array(["x"] * cues) for name in ("film", "corpus", "language", "clip")}
    same |= {name: np.array(["x"] * cues) for name in ("speaker", "line", "words_line")}
    return FilmAnswers(
        texts={
            **same,
            "person": np.array(person or ["x"] * cues),
            "dialogue": np.array(dialogue or ["d"] * cues),
        },
        cue=np.arange(1, cues + 1),
        kind=np.array([one.value for one in kind or [Agreement.AGREEING] * cues]),
        truth=np.array(truth),
        words_truth=np.array(truth),
        shown=np.array(shown),
        voice=np.array(joint),
        words=np.array(words or [posterior(None)] * cues),
        joint=np.array(joint),
    )


#: Ten cues. Shown: cue 0 right, 2 wrong (sad for happy), 5 false on neutral, 7 right.
TRUTH = [HAPPY, HAPPY, HAPPY, NEUTRAL, NEUTRAL, NEUTRAL, ANGRY, ANGRY, ANGRY, SAD]
SHOWN = [HAPPY, NO_TAG, SAD, NO_TAG, NO_TAG, FEAR, NO_TAG, ANGRY, NO_TAG, NO_TAG]
JOINT = [
    posterior(HAPPY, 0.95),
    posterior(HAPPY, 0.55),
    posterior(SAD, 0.85),
    posterior(NEUTRAL, 0.65),
    posterior(CALM, 0.65),
    posterior(FEAR, 0.75),
    posterior(NEUTRAL, 0.65),
    posterior(ANGRY, 0.95),
    posterior(ANGRY, 0.45),
    posterior(None),
]
ALL = np.arange(10)


@pytest.fixture
def ten() -> FilmAnswers:
    return made(TRUTH, SHOWN, JOINT)


def test_values_computed_by_hand(ten: FilmAnswers) -> None:
    metrics.validate(ten)
    assert metrics.right_where(ten, ALL) == 2 / 4
    # Happy: shown on 0, in force on 1, replaced by "sad" on 2. Angry: shown on 7, in force on 8.
    assert ten.under_right_tag.tolist() == [1, 1, 0, 0, 0, 0, 0, 1, 1, 0]
    assert metrics.under_right_tag(ten, ALL) == 4 / 7
    assert metrics.false_tags(ten, ALL) == pytest.approx(100 / 3)
    # Calm for neutral is right, no answer is wrong: 0, 1, 3, 4, 7, 8.
    assert metrics.accuracy(ten, ALL) == 6 / 10
    # Surest first: 0 (right), 7 (right), 2 (wrong), 5 (neutral), 1 (right), 8 (right).
    assert metrics.precision_at(ten, ALL, share=0.1) == 1
    assert metrics.precision_at(ten, ALL, share=0.3) == 1  # 2.1 of 7 are 2 cues
    assert metrics.precision_at(ten, ALL, share=0.5) == 2 / 4  # 3.5 of 7 are 4 cues
    # Bins of the shown: 0.9–1 (0.95, 0.95; both right), 0.8 (0.85, wrong), 0.7 (0.75, wrong).
    assert metrics.calibration_error(ten, ALL) == pytest.approx((2 * 0.05 + 0.85 + 0.75) / 4)
    assert np.isnan(metrics.METRICS["right of tags that the words predicted"](ten, ALL))
    # The words were not classified.
    assert np.isnan(metrics.METRICS["right of tags that the words did not predict"](ten, ALL))
    assert np.isnan(metrics.wrong_by_words(ten, ALL))


def test_rows_count_as_often_as_they_stand(ten: FilmAnswers) -> None:
    assert metrics.right_where(ten, np.array([0, 0, 0, 2])) == 3 / 4
    assert metrics.under_right_tag(ten, np.array([1, 1, 2])) == 2 / 3


def test_a_tag_is_in_force_for_one_person_one_mood_and_one_dialogue() -> None:
    truth, shown = [SAD] * 4, [SAD, NO_TAG, NO_TAG, NO_TAG]
    joint = [posterior(SAD)] * 4
    assert made(truth, shown, joint).under_right_tag.tolist() == [1, 1, 1, 1]
    people = ["a", "a", "b", "a"]
    assert made(truth, shown, joint, person=people).under_right_tag.tolist() == [1, 1, 0, 0]
    dialogues = ["d", "e", "e", "e"]
    assert made(truth, shown, joint, dialogue=dialogues).under_right_tag.tolist() == [1, 0, 0, 0]
    moods = [SAD, ANGRY, SAD, SAD]
    assert made(moods, shown, joint).under_right_tag.tolist() == [1, 0, 0, 0]


def test_what_the_words_told_and_what_they_caused() -> None:
    kind = [
        Agreement.AGREEING,
        Agreement.CONTRADICTED,
        Agreement.CONTRADICTED,
        Agreement.CONTRADICTED,
    ]
    truth = [HAPPY, SAD, SAD, ANGRY]
    shown = [HAPPY, HAPPY, HAPPY, ANGRY]
    # Cue 1: the voice says sad, the words happy, and so does the tag. Cue 2: the voice erred itself.
    words = [posterior(HAPPY), posterior(HAPPY), posterior(HAPPY), posterior(NEUTRAL)]
    answers = made(truth, shown, [posterior(emotion) for emotion in shown], words=words, kind=kind)
    voice = np.array([posterior(emotion) for emotion in (HAPPY, SAD, HAPPY, ANGRY)])
    answers = replace(answers, voice=voice)
    rows = np.arange(4)
    assert metrics.predicted_by_words(answers).tolist() == [1, 1, 1, 0]
    assert metrics.METRICS["right of tags that the words predicted"](answers, rows) == 1 / 3
    assert metrics.METRICS["right of tags that the words did not predict"](answers, rows) == 1
    assert metrics.caused_by_words(answers).tolist() == [0, 1, 0, 0]
    assert metrics.wrong_by_words(answers, rows) == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joint": np.full((10, 8), 0.2)}, "joint is not a distribution"),
        ({"joint": np.full((10, 7), 1 / 7)}, "joint has the shape"),
        ({"truth": np.full(10, 8)}, "truth is not one"),
        ({"shown": np.full(10, CALM)}, "cannot be tags"),
        ({"cue": np.arange(9)}, "differ in their number of cues"),
    ],
)
def test_what_cannot_be_answers(ten: FilmAnswers, change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.validate(replace(ten, **change))  # type: ignore[arg-type]


@st.composite
def any_answers(draw: st.DrawFn) -> FilmAnswers:
    cues = draw(st.integers(1, 25))
    raw = draw(arrays.arrays(float, (cues, 8), elements=st.floats(0.01, 1)))
    joint = raw / raw.sum(axis=1, keepdims=True)
    moods = [place for place in range(8) if place != CALM]
    truth = draw(st.lists(st.sampled_from(moods), min_size=cues, max_size=cues))
    tags = st.sampled_from([NO_TAG, *EMOTIONAL.tolist()])
    shown = draw(st.lists(tags, min_size=cues, max_size=cues))
    people = draw(st.lists(st.sampled_from("ab"), min_size=cues, max_size=cues))
    return made(truth, shown, joint.tolist(), person=people)


@given(any_answers())
def test_every_figure_is_in_its_range(answers: FilmAnswers) -> None:
    metrics.validate(answers)
    rows = np.arange(len(answers))
    for name, metric in metrics.METRICS.items():
        value = metric(answers, rows)
        assert np.isnan(value) or 0 <= value <= (100 if "per 100" in name else 1)
    shown_right = (answers.shown == answers.truth) & answers.is_emotional
    assert (answers.under_right_tag >= shown_right).all()


@given(any_answers())
def test_perfect_answers_are_perfect(answers: FilmAnswers) -> None:
    shown = np.where(answers.is_emotional, answers.truth, NO_TAG)
    joint = np.eye(8)[answers.truth]
    perfect = replace(answers, shown=shown, joint=joint, voice=joint)
    rows = np.arange(len(answers))
    assert metrics.accuracy(perfect, rows) == 1
    assert metrics.false_tags(perfect, rows) in (0, pytest.approx(float("nan"), nan_ok=True))
    if perfect.is_emotional.any():
        assert metrics.right_where(perfect, rows) == 1
        assert metrics.under_right_tag(perfect, rows) == 1
        assert metrics.calibration_error(perfect, rows) == 0
        assert metrics.precision_at(perfect, rows, share=0.5) == 1


def test_emotional_is_what_a_caption_tells() -> None:
    assert [EMOTIONS[place] in UNMARKED for place in EMOTIONAL] == [False] * 6
