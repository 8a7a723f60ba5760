"""How right shown sounds are: thresholds, chosen on folds, and figures with Wilson's intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.sounds import SOUNDS, Sound
from .table import Index, Table

Peaks = npt.NDArray[np.floating]
Thresholds = npt.NDArray[np.float64]

#: What a threshold is chosen for: false sounds of one class in ten minutes without any, and right of
#: what is shown where there is some sound. The reach allows one false in ten minutes, of all seven together; screams, which are
#: the hardest to tell from speech, get the largest part of it.
FALSE_IN_TEN_MINUTES, FALSE_SCREAMS, LEAST_RIGHT = 0.07, 0.25, 0.93
#: The sounds of which the reach asks that 0.6 are found.
ASKED = (Sound.LAUGH, Sound.SOB, Sound.SCREAM, Sound.COUGH)
_NONE = -1


def shown(peaks: Peaks, thresholds: Thresholds) -> Index:
    """The sound that each stretch shows, or -1: the largest peak of those over their thresholds."""
    over = np.where(peaks >= thresholds, peaks, -1.0)
    best = over.argmax(axis=1)
    return np.where(over.max(axis=1) >= 0, best, _NONE)


def choose_thresholds(peaks: Peaks, table: Table, among: npt.NDArray[np.bool_]) -> Thresholds:
    """The lowest threshold of each sound with which both limits hold on some stretches.

    Args:
        peaks: of all stretches
        table: the stretches
        among: those to choose by
    """
    tenths = table.seconds[among & (table.truth < 0)].sum() / 600
    found = np.ones(len(SOUNDS))
    for sound, name in enumerate(SOUNDS):
        most = FALSE_SCREAMS if name is Sound.SCREAM else FALSE_IN_TEN_MINUTES
        own = among & (peaks.argmax(axis=1) == sound)
        scores, truth = peaks[own, sound], table.truth[own]
        for candidate in np.unique(scores.round(2)):
            over = scores >= candidate
            false = int((over & (truth < 0)).sum())
            heard = truth[over & (truth >= 0)]
            right = float((heard == sound).mean()) if heard.size else 1.0
            if false <= most * tenths and right >= LEAST_RIGHT:
                found[sound] = candidate
                break
    return found


def wilson(count: int, of: int) -> str:
    """A share with its 95 % interval (Wilson, 1927).

    >>> wilson(9, 10)
    '0.90 [0.60, 0.98] of 10'
    """
    from scipy.stats import binomtest

    if not of:
        return "none"
    low, high = binomtest(count, of).proportion_ci(0.95, method="wilson")
    return f"{count / of:.2f} [{low:.2f}, {high:.2f}] of {of}"


@dataclass(frozen=True, eq=False)
class Judged:
    """What is shown of stretches, and what is true of them.

    Attributes:
        table: the stretches
        peaks: of each sound in each
        answers: a position in `SOUNDS`, or -1, of each
    """

    table: Table
    peaks: Peaks
    answers: Index

    @property
    def right(self) -> tuple[int, int]:
        """How many of the shown are right, and how many are shown."""
        is_shown = self.answers >= 0
        return int((self.answers == self.table.truth)[is_shown].sum()), int(is_shown.sum())

    @property
    def false_in_ten_minutes(self) -> tuple[int, float, float]:
        """False ones where there is none, in ten minutes, and of how many minutes that is."""
        none = self.table.truth < 0
        false = int((self.answers[none] >= 0).sum())
        minutes = float(self.table.seconds[none].sum() / 60)
        return false, false / minutes * 10, minutes

    def found(self, sound: Sound, forms: Sequence[str]) -> tuple[int, int]:
        """How many of a sound are shown as that, and how many there are."""
        position = SOUNDS.index(sound)
        own = (self.table.truth == position) & np.isin(self.table.forms, forms)
        return int((self.answers[own] == position).sum()), int(own.sum())

    def shown_as(self, sound: Sound) -> tuple[int, int]:
        """How many of what is shown as a sound are that, and how many are shown."""
        position = SOUNDS.index(sound)
        own = self.answers == position
        return int((self.table.truth[own] == position).sum()), int(own.sum())

    def first_right(self, sound: Sound, forms: Sequence[str]) -> tuple[int, int]:
        """Of how many of a sound that one is the likeliest, whatever is shown."""
        position = SOUNDS.index(sound)
        own = (self.table.truth == position) & np.isin(self.table.forms, forms)
        return int((self.peaks[own].argmax(axis=1) == position).sum()), int(own.sum())


def judge(
    peaks: Peaks, chosen_on: Peaks, learnt: Table, reported: Table
) -> tuple[Judged, Mapping[int, Thresholds]]:
    """What is shown of the reported stretches, by thresholds of the other folds.

    Args:
        peaks: of the reported stretches
        chosen_on: of the learnt stretches, by heads that have not heard them
        learnt: those
        reported: the stretches that are reported on
    """
    answers = np.full(len(reported.folds), _NONE)
    thresholds = {}
    for fold in sorted(set(reported.folds.tolist())):
        thresholds[fold] = choose_thresholds(chosen_on, learnt, learnt.folds != fold)
        inside = reported.folds == fold
        answers[inside] = shown(peaks[inside], thresholds[fold])
    return Judged(reported, peaks, answers), thresholds


def figures(judged: Judged) -> str:
    """A table of what is found, and how right what is shown is."""
    forms = tuple(dict.fromkeys(judged.table.forms[judged.table.truth >= 0].tolist()))
    rows = [f"right of all shown: {wilson(*judged.right)}"]
    false, rate, minutes = judged.false_in_ten_minutes
    rows.append(f"false where there is none: {false} in {minutes:.0f} min, {rate:.2f} in ten")
    rows.append("sound: found | right of those shown as it | likeliest | found by form")
    for sound in SOUNDS:
        by_form = ", ".join(f"{form} {wilson(*judged.found(sound, [form]))}" for form in forms)
        rows.append(
            f"{sound}: {wilson(*judged.found(sound, forms))} | {wilson(*judged.shown_as(sound))}"
            f" | {wilson(*judged.first_right(sound, forms))} | {by_form}"
        )
    return "\n".join(rows)


def right_enough(judged: Judged) -> bool:
    """Whether what is shown is as right as the reach asks: 0.9 of it, and one false in ten minutes."""
    right, count = judged.right
    return count > 0 and right / count >= 0.9 and judged.false_in_ten_minutes[1] <= 1


def reached(judged: Judged) -> bool:
    """Whether the whole reach is met: right enough, and 0.6 found of each of `ASKED`."""
    forms = tuple(set(judged.table.forms.tolist()))
    shares = [judged.found(sound, forms) for sound in ASKED]
    return right_enough(judged) and all(found / of >= 0.6 for found, of in shares if of)
