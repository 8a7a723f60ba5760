"""Metrics on films: pure functions of arrays, in the style of mir_eval.

Conventions: every metric is a function of `FilmAnswers` and of row numbers of
shape (rows,), in which a row may occur several times (as in a bootstrap),
and returns a number, or NaN if undefined for those rows. The truth is the
voice's emotion. All eight classes are always allowed; a prediction of calm
counts as neutral, as does a calm clip.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache, partial

import numpy as np

from ..evaluation import rates
from .answers import NO_TAG, FilmAnswers, Index, Mask, Names
from .dialogues import Agreement


class RunOutcome(StrEnum):
    """How a run is tagged; its first tag counts."""

    #: A right tag on its first cue.
    FIRST = "tagged on the first cue"
    #: A right tag on a later one.
    LATER = "tagged later"
    #: A wrong one.
    WRONG = "tagged wrongly"
    NONE = "not tagged"


@lru_cache(maxsize=4)
def run_outcomes(answers: FilmAnswers) -> Names:
    """The outcome of each emotional run at its first cue, shape (cues,); empty elsewhere.

    Cached for bootstrap draws; `FilmAnswers` are hashed by identity.
    """
    starts = np.flatnonzero(answers.run_starts)
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


def runs_tagged(answers: FilmAnswers, rows: Index) -> float:
    """The share of emotional runs whose first tag is right, 0 to 1."""
    outcomes = _of_runs(answers, rows)
    return rates.share(np.isin(outcomes, (RunOutcome.FIRST, RunOutcome.LATER)))


def tagged_on_first(answers: FilmAnswers, rows: Index) -> float:
    """Among runs whose first tag is right, the share tagged on the first cue, 0 to 1."""
    outcomes = _of_runs(answers, rows)
    right = outcomes[np.isin(outcomes, (RunOutcome.FIRST, RunOutcome.LATER))]
    return rates.share(right == RunOutcome.FIRST)


def runs_tagged_wrongly(answers: FilmAnswers, rows: Index) -> float:
    """The share of emotional runs whose first tag is wrong, 0 to 1."""
    return rates.share(_of_runs(answers, rows) == RunOutcome.WRONG)


def run_counts(answers: FilmAnswers, rows: Index) -> dict[str, int]:
    """The numbers of emotional runs, in all and by outcome."""
    outcomes = _of_runs(answers, rows)
    counts = {f"runs {outcome}": int((outcomes == outcome).sum()) for outcome in RunOutcome}
    return {"emotional runs": outcomes.size, **counts}


def _of_runs(answers: FilmAnswers, rows: Index) -> Names:
    found: Names = run_outcomes(answers)[rows]
    return np.asarray(found[found != ""])


#: Bins of the calibration error.
BINS = 10

Metric = Callable[[FilmAnswers, Index], float]


def validate(answers: FilmAnswers) -> None:
    """Checks the arrays of predictions.

    Raises:
        ValueError: if posteriors do not sum to 1, shapes do not match, a tag is
            neutral or calm, or a truth is not an emotion
    """
    cues = len(answers)
    for name in ("voice", "words", "joint"):
        posterior = getattr(answers, name)
        if posterior.shape != (cues, 8):
            raise ValueError(f"{name} has the shape {posterior.shape}, not {(cues, 8)}")
        there = posterior[~np.isnan(posterior).any(axis=1)]
        # Probabilities are stored with five digits.
        if (there < 0).any() or (np.abs(there.sum(axis=1) - 1) > 1e-3).any():
            raise ValueError(f"a row of {name} is not a distribution")
    arrays = (answers.cue, answers.kind, answers.words_truth, answers.shown)
    if any(values.shape != (cues,) for values in (*arrays, *answers.texts.values())):
        raise ValueError("the arrays differ in their number of cues")
    if not ((answers.truth >= 0) & (answers.truth < 8)).all():
        raise ValueError("a truth is not one of the eight emotions")
    if (answers.shown == 0).any() or (answers.shown == 1).any():
        raise ValueError("neutral and calm cannot be tags")


def under_right_tag(answers: FilmAnswers, rows: Index) -> float:
    """The share of the emotional cues under a right tag, 0 to 1; see `FilmAnswers.under_right_tag`."""
    emotional = rows[answers.is_emotional[rows]]
    return rates.share(answers.under_right_tag[emotional])


def false_tags(answers: FilmAnswers, rows: Index) -> float:
    """Tags on neutral cues, per 100 neutral cues."""
    neutral = rows[~answers.is_emotional[rows]]
    return 100 * rates.share(answers.shown[neutral] != NO_TAG)


def accuracy(answers: FilmAnswers, rows: Index) -> float:
    """The share of cues whose likeliest class is the voice's, 0 to 1; no prediction counts as wrong."""
    return rates.accuracy(_folded(answers, rows), answers.predicted[rows])


def precision_at(answers: FilmAnswers, rows: Index, *, share: float) -> float:
    """P@share: the precision among the most confident cues, 0 to 1.

    Their number is that share of the emotional cues, at least one. The confidence
    is the largest probability of an emotion other than neutral and calm, and the
    prediction is that emotion; a neutral cue among them is wrong.

    Args:
        answers: predictions for films
        rows: some of their cues
        share: of the emotional cues, above 0 to 1
    """
    emotional = int(answers.is_emotional[rows].sum())
    if not emotional:
        return float("nan")
    count = max(1, round(share * emotional))
    surest = rows[rates.surest(answers.confidence[rows])[:count]]
    return rates.accuracy(answers.truth[surest], answers.emotional_predicted[surest])


def calibration_error(answers: FilmAnswers, rows: Index) -> float:
    """The expected calibration error of the shown tags (Naeini et al., 2015), 0 to 1.

    Over `BINS` equal bins of the joint probability of the shown tag.
    """
    shown = rows[answers.shown[rows] != NO_TAG]
    confidence = answers.joint[shown, answers.shown[shown]]
    right = answers.shown[shown] == answers.truth[shown]
    return rates.calibration_error(confidence, right, bins=BINS)


def is_shown(answers: FilmAnswers) -> Mask:
    """Whether each cue shows a tag."""
    return np.asarray(answers.shown != NO_TAG)


def right_where(
    answers: FilmAnswers, rows: Index, *, chosen: Callable[[FilmAnswers], Mask] = is_shown
) -> float:
    """The precision of the chosen of the shown tags: the share with the voice's emotion, 0 to 1."""
    shown = rows[chosen(answers)[rows]]
    return rates.accuracy(answers.truth[shown], answers.shown[shown])


def predicted_by_words(answers: FilmAnswers) -> Mask:
    """Shown tags that the words alone would have predicted: their likeliest emotion is the tag."""
    return np.asarray(is_shown(answers) & (answers.words_predicted == answers.shown))


def not_predicted_by_words(answers: FilmAnswers) -> Mask:
    """Shown tags that the words alone would not have predicted; none without a text model."""
    is_comparable = is_shown(answers) & (answers.words_predicted != NO_TAG)
    return np.asarray(is_comparable & (answers.words_predicted != answers.shown))


def caused_by_words(answers: FilmAnswers) -> Mask:
    """Wrong tags caused by the words: the tag is the words' likeliest emotion, not the voice's."""
    is_by_words = predicted_by_words(answers) & (answers.voice_predicted != answers.shown)
    return np.asarray(is_by_words & (answers.shown != answers.truth))


def wrong_by_words(answers: FilmAnswers, rows: Index) -> float:
    """Wrong tags caused by the words, per 100 contradicted cues whose words were classified."""
    is_comparable = (answers.kind == Agreement.CONTRADICTED.value) & (
        answers.words_predicted != NO_TAG
    )
    against = rows[is_comparable[rows]]
    return 100 * rates.share(caused_by_words(answers)[against])


def _folded(answers: FilmAnswers, rows: Index) -> Index:
    """The truth, with calm counted as neutral."""
    return np.where(answers.is_emotional[rows], answers.truth[rows], 0)


#: The metrics by their reported names.
METRICS: dict[str, Metric] = {
    "right of shown tags": right_where,
    "emotional cues under a right tag": under_right_tag,
    "false tags per 100 neutral cues": false_tags,
    "emotional runs tagged rightly": runs_tagged,
    "of these on the first cue": tagged_on_first,
    "emotional runs tagged wrongly": runs_tagged_wrongly,
    "accuracy of a cue": accuracy,
    **{f"P@{share}": partial(precision_at, share=share / 100) for share in (10, 20, 30, 50)},
    "calibration error of shown tags": calibration_error,
    "right of tags that the words predicted": partial(right_where, chosen=predicted_by_words),
    "right of tags that the words did not predict": partial(
        right_where, chosen=not_predicted_by_words
    ),
    "wrong tags by words per 100 contradicted cues": wrong_by_words,
}
