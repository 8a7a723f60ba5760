"""How right answers to films are: pure functions of arrays, in the way of mir_eval.

Conventions: every metric is a function of `Answers` and of row numbers of
shape (rows,), in which a row may stand several times (a bootstrap draws so),
and gives a number, or NaN where those rows do not define it. The truth is the
voice. All eight classes are always in play; an answer of calm counts as
neutral, as a calm clip does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..evaluation import rates
from .answers import NO_TAG, Answers, Index, Mask
from .disagreement import Agreement
from .runs import runs_tagged, runs_tagged_wrongly, tagged_on_first

#: Bins of the calibration error.
BINS = 10

Metric = Callable[[Answers, Index], float]


def validate(answers: Answers) -> None:
    """Refuses arrays that cannot be answers.

    Raises:
        ValueError: at posteriors that do not sum to 1, shapes that do not fit,
            a tag of neutral or calm, or a truth that is none
    """
    cues = len(answers)
    for name in ("voice", "words", "joint"):
        posterior = getattr(answers, name)
        if posterior.shape != (cues, 8):
            raise ValueError(f"{name} has the shape {posterior.shape}, not {(cues, 8)}")
        there = posterior[~np.isnan(posterior).any(axis=1)]
        # Probabilities are written to five digits.
        if (there < 0).any() or (np.abs(there.sum(axis=1) - 1) > 1e-3).any():
            raise ValueError(f"a row of {name} is not probabilities")
    arrays = (answers.cue, answers.kind, answers.words_truth, answers.shown)
    if any(values.shape != (cues,) for values in (*arrays, *answers.texts.values())):
        raise ValueError("not every array has a value for each cue")
    if not ((answers.truth >= 0) & (answers.truth < 8)).all():
        raise ValueError("a truth is none of the eight emotions")
    if (answers.shown == 0).any() or (answers.shown == 1).any():
        raise ValueError("neutral and calm are no tags")


def right_of_shown(answers: Answers, rows: Index) -> float:
    """The share of the shown tags that name the voice's emotion, 0 to 1."""
    return right_where(answers, rows, answers.shown != NO_TAG)


def under_right_tag(answers: Answers, rows: Index) -> float:
    """The share of the emotional cues under a right tag, 0 to 1; see `Answers.under_right_tag`."""
    emotional = rows[answers.is_emotional[rows]]
    return rates.share(answers.under_right_tag[emotional])


def false_tags(answers: Answers, rows: Index) -> float:
    """Tags on neutral cues, for each 100 of these."""
    neutral = rows[~answers.is_emotional[rows]]
    return 100 * rates.share(answers.shown[neutral] != NO_TAG)


def accuracy(answers: Answers, rows: Index) -> float:
    """The share of the cues whose likeliest class is the voice's, 0 to 1; no answer is wrong."""
    return rates.accuracy(_folded(answers, rows), answers.predicted[rows])


def precision_at(answers: Answers, rows: Index, *, share: float) -> float:
    """P@share: the share that is right among the most confident cues, 0 to 1.

    As many as that share of the emotional cues, at least one. The confidence
    is the largest probability of an emotion that is neither neutral nor calm,
    the answer that emotion; a neutral cue among them is wrong.

    Args:
        answers: of films
        rows: some of their cues
        share: of the emotional cues, above 0 to 1
    """
    emotional = int(answers.is_emotional[rows].sum())
    if not emotional:
        return float("nan")
    count = max(1, round(share * emotional))
    surest = rows[rates.surest(answers.confidence[rows])[:count]]
    return rates.accuracy(answers.truth[surest], answers.emotional_predicted[surest])


def calibration_error(answers: Answers, rows: Index) -> float:
    """The expected calibration error of the shown tags (Naeini et al., 2015), 0 to 1.

    Over `BINS` equal bins of the joint probability of the tag that is shown.
    """
    shown = rows[answers.shown[rows] != NO_TAG]
    confidence = answers.joint[shown, answers.shown[shown]]
    right = answers.shown[shown] == answers.truth[shown]
    return rates.calibration_error(confidence, right, bins=BINS)


def right_where(answers: Answers, rows: Index, chosen: Mask) -> float:
    """The share of right tags among those shown where *chosen* holds, 0 to 1."""
    shown = rows[(chosen & (answers.shown != NO_TAG))[rows]]
    return rates.accuracy(answers.truth[shown], answers.shown[shown])


def predicted_by_words(answers: Answers) -> Mask:
    """Shown tags that the words alone would have predicted: their likeliest emotion is the tag."""
    return np.asarray((answers.shown != NO_TAG) & (answers.words_predicted == answers.shown))


def not_predicted_by_words(answers: Answers) -> Mask:
    """Shown tags that the words alone would not have predicted; none where no model read the words."""
    is_comparable = (answers.shown != NO_TAG) & (answers.words_predicted != NO_TAG)
    return np.asarray(is_comparable & (answers.words_predicted != answers.shown))


def caused_by_words(answers: Answers) -> Mask:
    """Wrong tags that the words caused: it is their likeliest emotion and not the voice's."""
    wrong = (answers.shown != NO_TAG) & (answers.shown != answers.truth)
    by_words = (answers.words_predicted == answers.shown) & (
        answers.voice_predicted != answers.shown
    )
    return np.asarray(wrong & by_words)


def right_predicted_by_words(answers: Answers, rows: Index) -> float:
    """The share of right ones among the tags that the words alone would have predicted, 0 to 1."""
    return right_where(answers, rows, predicted_by_words(answers))


def right_not_predicted_by_words(answers: Answers, rows: Index) -> float:
    """The share of right ones among the tags that the words alone would not have predicted, 0 to 1."""
    return right_where(answers, rows, not_predicted_by_words(answers))


def wrong_by_words(answers: Answers, rows: Index) -> float:
    """Wrong tags that the words caused, for each 100 contradicted cues whose words were classified."""
    is_comparable = (answers.kind == Agreement.CONTRADICTED.value) & (
        answers.words_predicted != NO_TAG
    )
    against = rows[is_comparable[rows]]
    return 100 * rates.share(caused_by_words(answers)[against])


def _folded(answers: Answers, rows: Index) -> Index:
    """The truth, calm counted as neutral."""
    return np.where(answers.is_emotional[rows], answers.truth[rows], 0)


#: Every metric by the name that it is reported under.
METRICS: dict[str, Metric] = {
    "right of shown tags": right_of_shown,
    "emotional cues under a right tag": under_right_tag,
    "false tags per 100 neutral cues": false_tags,
    "emotional runs tagged rightly": runs_tagged,
    "of these on the first cue": tagged_on_first,
    "emotional runs tagged wrongly": runs_tagged_wrongly,
    "accuracy of a cue": accuracy,
    **{f"P@{share}": partial(precision_at, share=share / 100) for share in (10, 20, 30, 50)},
    "calibration error of shown tags": calibration_error,
    "right of tags that the words told": right_predicted_by_words,
    "right of tags that the words did not tell": right_not_predicted_by_words,
    "wrong tags by words per 100 contradicted cues": wrong_by_words,
}
