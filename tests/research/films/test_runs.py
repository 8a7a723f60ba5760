from __future__ import annotations

import numpy as np
import pytest

from subemo.research.films.metrics import (
    RunOutcome,
    run_counts,
    run_outcomes,
    runs_tagged,
    runs_tagged_wrongly,
    tagged_on_first,
)

from .test_metrics import made, posterior

HAPPY, SAD, ANGRY = 2, 3, 4
#: Five emotional runs: two cues tagged on the first, two on the second, one wrongly before the
#: right one, one not at all, and that of another person who is tagged.
TRUTH = [SAD, SAD, 0, SAD, SAD, ANGRY, ANGRY, HAPPY, HAPPY]
SHOWN = [SAD, -1, -1, -1, SAD, HAPPY, ANGRY, -1, HAPPY]
PERSON = [*"aaaaaaabc"]
ANSWERS = made(TRUTH, SHOWN, [posterior(0)] * 9, person=PERSON)
ALL = np.arange(9)


def test_outcomes_stand_at_first_cues() -> None:
    assert run_outcomes(ANSWERS).tolist() == [
        RunOutcome.FIRST, "", "", RunOutcome.LATER, "", RunOutcome.WRONG, "", RunOutcome.NONE,
        RunOutcome.FIRST,
    ]  # fmt: skip


def test_shares() -> None:
    assert runs_tagged(ANSWERS, ALL) == pytest.approx(3 / 5)
    assert tagged_on_first(ANSWERS, ALL) == pytest.approx(2 / 3)
    assert runs_tagged_wrongly(ANSWERS, ALL) == pytest.approx(1 / 5)
    assert run_counts(ANSWERS, ALL) == {
        "emotional runs": 5, "runs tagged on the first cue": 2, "runs tagged later": 1,
        "runs tagged wrongly": 1, "runs not tagged": 1,
    }  # fmt: skip


def test_of_cues_that_are_drawn_again() -> None:
    drawn = np.array([0, 0, 1, 2, 7])
    assert runs_tagged(ANSWERS, drawn) == pytest.approx(2 / 3)
    assert np.isnan(runs_tagged(ANSWERS, np.array([1, 2])))
    assert np.isnan(tagged_on_first(ANSWERS, np.array([7])))
