from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import EMOTIONS, Emotion, Prediction
from subemo.tagging.runs import ClassifiedCue, Run, RunRules, find_runs, pooled, same_speakers

RULES = RunRules(
    least_confidence=0.77, start_confidence=0.65, pause_ms=10_000, pooled_cues=3, same_speaker=0.5
)


def heard(
    start_s: float,
    emotion: Emotion = Emotion.ANGRY,
    confidence: float = 0.9,
    *,
    same_speaker: float | None = None,
    speakers: tuple[str, ...] = ("",),
    changes: bool = False,
    is_open: bool = True,
) -> ClassifiedCue:
    rest = (1 - confidence) / 7
    start_ms = round(start_s * 1000)
    return ClassifiedCue(
        start_ms,
        start_ms + 1_500,
        speakers,
        changes,
        Prediction(tuple(confidence if e is emotion else rest for e in EMOTIONS)),
        is_open,
        same_speaker,
    )


def runs(*cues: ClassifiedCue) -> list[Run]:
    return find_runs(cues, same_speakers(cues), RULES)


posteriors = st.lists(st.floats(0.001, 1), min_size=8, max_size=8).map(
    lambda weights: tuple(weight / sum(weights) for weight in weights)
)


class TestPooled:
    @given(posteriors, st.integers(1, 5))
    def test_of_one_cue_many_times_is_that_cue(self, one: tuple[float, ...], times: int) -> None:
        assert pooled([one] * times) == pytest.approx(one)

    @given(st.lists(posteriors, min_size=1, max_size=5), st.randoms(use_true_random=False))
    def test_is_a_posterior_whatever_the_order(self, rows, random) -> None:  # type: ignore[no-untyped-def]
        found = pooled(rows)
        assert math.isclose(sum(found), 1)
        random.shuffle(rows)
        assert pooled(rows) == pytest.approx(found)

    @given(posteriors, posteriors, st.integers(0, 7))
    def test_more_of_a_class_in_one_cue_is_more_of_it(
        self, one: tuple[float, ...], other: tuple[float, ...], at: int
    ) -> None:
        raised = [p / 2 for p in one]
        raised[at] += 0.5
        assert pooled([raised, other])[at] >= pooled([one, other])[at] - 1e-12

    def test_certainty_of_two_kinds_is_none(self) -> None:
        certain = [tuple(float(i == k) for i in range(8)) for k in (0, 1)]
        assert pooled(certain)[:2] == pytest.approx((0.5, 0.5), abs=2e-3)


class TestRuns:
    def test_cues_that_sound_alike(self) -> None:
        found = runs(heard(0), heard(2, confidence=0.4), heard(4, Emotion.SAD), heard(6))
        assert [run.places for run in found] == [(0, 1), (2,), (3,)]

    def test_a_pause_ends_one(self) -> None:
        assert [run.places for run in runs(heard(0), heard(11.5), heard(23.1))] == [(0, 1), (2,)]

    @pytest.mark.parametrize(
        "later",
        [
            heard(2, same_speaker=0.2),
            heard(2, changes=True),
            heard(2, speakers=("MARY",)),
            heard(2, changes=True, same_speaker=0.9),  # the text knows better
        ],
    )
    def test_another_speaker_ends_one(self, later: ClassifiedCue) -> None:
        assert [run.places for run in runs(heard(0), later)] == [(0,), (1,)]

    def test_a_name_that_goes_on_is_one_person(self) -> None:
        cues = [heard(s, speakers=("MARY",), same_speaker=0.1) for s in (0, 2)]
        assert same_speakers(cues) == [None, 1.0]
        assert [run.places for run in runs(*cues)] == [(0, 1)]
        assert same_speakers([cues[0], heard(2), cues[1]]) == [None, None, 1.0]
        assert same_speakers([heard(0, speakers=("", "")), heard(2)]) == [None, 0.0]

    def test_a_cue_that_can_show_nothing_is_in_none(self) -> None:
        assert [run.places for run in runs(heard(0), heard(2, is_open=False), heard(4))] == [
            (0,),
            (2,),
        ]

    def test_begins_where_it_is_sure(self) -> None:
        assert [run.places for run in runs(heard(0, confidence=0.5), heard(2))] == [(1,)]
        assert runs(heard(0, confidence=0.5), heard(2, confidence=0.5)) == []

    def test_one_person_is_believed_for_what_follows(self) -> None:
        unsure, sure = heard(0, confidence=0.7), heard(2, confidence=0.9, same_speaker=0.8)
        (run,) = runs(unsure, sure)
        assert (run.places, run.pooled) == ((0, 1), 2)
        assert 0.77 <= run.confidence < 0.9
        # Where nobody knows whether it is one person, it begins later.
        assert [run.places for run in runs(unsure, heard(2, confidence=0.9))] == [(1,)]

    @given(st.lists(st.floats(0.3, 0.99), min_size=1, max_size=6), st.integers(0, 5))
    def test_a_surer_cue_loses_no_run(self, confidences: list[float], at: int) -> None:
        at %= len(confidences)
        raised = [0.99 if i == at else one for i, one in enumerate(confidences)]

        def places(rows: list[float]) -> set[int]:
            cues = [heard(2 * i, confidence=one, same_speaker=0.9) for i, one in enumerate(rows)]
            return {place for run in runs(*cues) for place in run.places}

        assert places(confidences) <= places(raised)
