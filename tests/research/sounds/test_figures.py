from __future__ import annotations

import numpy as np
import pytest

from subemo.core.sounds import SOUNDS, Sound
from subemo.research.sounds.figures import (
    Judged,
    choose_thresholds,
    figures,
    judge,
    reached,
    right_enough,
    shown,
    wilson,
)
from subemo.research.sounds.table import StretchTable

LAUGH, COUGH = SOUNDS.index(Sound.LAUGH), SOUNDS.index(Sound.COUGH)


def table(
    truth: list[int], *, windows: np.ndarray | None = None, seconds: float = 6.0
) -> StretchTable:
    count = len(truth)
    return StretchTable(
        windows=np.zeros((count, 2), np.float16) if windows is None else windows,
        labels=np.array([one if one >= 0 else 7 for one in truth], np.int8),
        stretch=np.arange(count),
        folds=np.arange(count) % 5,
        truth=np.array(truth),
        forms=np.array(["alone" if one >= 0 else "speech" for one in truth]),
        seconds=np.full(count, seconds),
    )


def peaks(*pairs: tuple[int, float]) -> np.ndarray:
    found = np.zeros((len(pairs), len(SOUNDS)))
    for row, (sound, value) in enumerate(pairs):
        found[row, sound] = value
    return found


def test_the_largest_over_its_own_threshold_is_shown() -> None:
    thresholds = np.full(len(SOUNDS), 0.5)
    thresholds[LAUGH] = 0.8
    rows = peaks((LAUGH, 0.7), (LAUGH, 0.9), (COUGH, 0.6))
    rows[0, COUGH] = 0.6
    assert shown(rows, thresholds).tolist() == [COUGH, LAUGH, COUGH]
    assert shown(peaks((COUGH, 0.4)), thresholds).tolist() == [-1]


def test_a_threshold_keeps_out_what_is_false() -> None:
    learnt = table([LAUGH] * 20 + [-1] * 20)
    rows = peaks(*[(LAUGH, 0.9)] * 20, *[(LAUGH, 0.7)] * 20)
    thresholds = choose_thresholds(rows, learnt, np.ones(40, bool))
    assert 0.7 < thresholds[LAUGH] <= 0.9
    assert thresholds[COUGH] == 1


def test_figures_by_thresholds_of_other_folds() -> None:
    learnt = table([LAUGH] * 20 + [-1] * 20)
    rows = peaks(*[(LAUGH, 0.9)] * 20, *[(LAUGH, 0.2)] * 20)
    truth = [LAUGH, LAUGH, COUGH, -1, -1]
    asked = peaks((LAUGH, 0.95), (LAUGH, 0.1), (LAUGH, 0.95), (LAUGH, 0.95), (LAUGH, 0.1))
    judged, _ = judge(asked, rows, learnt, table(truth))
    assert judged.right == (1, 3)
    assert judged.false_in_ten_minutes[:2] == (1, pytest.approx(1 / 0.2 * 10))
    assert judged.found(Sound.LAUGH, ["alone"]) == (1, 2)
    assert judged.shown_as(Sound.LAUGH) == (1, 3)
    assert judged.first_right(Sound.LAUGH, ["alone"]) == (2, 2)
    assert "laugh: 0.50" in figures(judged)
    assert not reached(judged)
    assert not right_enough(judged)


def test_the_reach() -> None:
    every = [SOUNDS.index(one) for one in (Sound.LAUGH, Sound.SOB, Sound.SCREAM, Sound.COUGH)]
    truth = [*every, -1]
    right = Judged(table(truth), peaks(*[(0, 0.0)] * 5), np.array([*every, -1]))
    assert reached(right)
    wrong = Judged(table(truth), right.peaks, np.array([*every, LAUGH]))
    assert not reached(wrong)
    fewer = Judged(table(truth), right.peaks, np.array([-1, *every[1:], -1]))
    assert right_enough(fewer) and not reached(fewer)


def test_intervals_are_wilsons() -> None:
    assert wilson(0, 10) == "0.00 [0.00, 0.28] of 10"
    assert wilson(0, 0) == "none"
