"""Runs in films: consecutive cues of one speaker and emotion, and how each is tagged.

A run's outcome is stored at its first cue, so that a bootstrap can draw cues.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import numpy as np

from ..evaluation import rates
from .answers import NO_TAG, Answers, Index, Mask, Names


class RunOutcome(StrEnum):
    """How a run is tagged; its first tag counts."""

    #: A right tag on its first cue.
    FIRST = "tagged on the first cue"
    #: A right tag on a later one.
    LATER = "tagged later"
    #: A wrong one.
    WRONG = "tagged wrongly"
    NONE = "not tagged"


def run_starts(answers: Answers) -> Mask:
    """Whether a run begins at each cue, shape (cues,)."""
    keys = (answers.films, answers.dialogues, answers.texts["person"], answers.truth)
    found = np.ones(len(answers), dtype=bool)
    found[1:] = np.any([values[1:] != values[:-1] for values in keys], axis=0)
    return found


def run_outcomes(answers: Answers) -> Names:
    """The outcome of each emotional run at its first cue, shape (cues,); empty elsewhere."""
    starts = np.flatnonzero(run_starts(answers))
    found = np.full(len(answers), "", dtype=f"<U{max(map(len, RunOutcome))}")
    for first, end in zip(starts, [*starts[1:], len(answers)], strict=True):
        if answers.is_emotional[first]:
            found[first] = _outcome(answers.shown[first:end], int(answers.truth[first])).value
    return found


def _outcome(shown: Index, truth: int) -> RunOutcome:
    tags = np.flatnonzero(shown != NO_TAG)
    if not tags.size:
        return RunOutcome.NONE
    if shown[tags[0]] != truth:
        return RunOutcome.WRONG
    return RunOutcome.LATER if tags[0] else RunOutcome.FIRST


def runs_tagged(answers: Answers, rows: Index) -> float:
    """The share of emotional runs whose first tag is right, 0 to 1."""
    outcomes = _of_runs(answers, rows)
    return rates.share(np.isin(outcomes, (RunOutcome.FIRST, RunOutcome.LATER)))


def tagged_on_first(answers: Answers, rows: Index) -> float:
    """Among runs whose first tag is right, the share tagged on the first cue, 0 to 1."""
    outcomes = _of_runs(answers, rows)
    right = outcomes[np.isin(outcomes, (RunOutcome.FIRST, RunOutcome.LATER))]
    return rates.share(right == RunOutcome.FIRST)


def runs_tagged_wrongly(answers: Answers, rows: Index) -> float:
    """The share of emotional runs whose first tag is wrong, 0 to 1."""
    return rates.share(_of_runs(answers, rows) == RunOutcome.WRONG)


def run_counts(answers: Answers, rows: Index) -> dict[str, int]:
    """The numbers of emotional runs, in all and by outcome."""
    outcomes = _of_runs(answers, rows)
    counts = {f"runs {outcome}": int((outcomes == outcome).sum()) for outcome in RunOutcome}
    return {"emotional runs": outcomes.size, **counts}


def _of_runs(answers: Answers, rows: Index) -> Names:
    found: Names = _outcomes(answers)[rows]
    return np.asarray(found[found != ""])


@lru_cache(maxsize=4)
def _outcomes(answers: Answers) -> Names:
    """`run_outcomes`, cached for bootstrap draws; `Answers` are hashed by identity."""
    return run_outcomes(answers)
