"""Stretches of music without speech, in the windows of a film's gaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..core.sounds import SceneSound, SoundHeard

#: Shorter music is no stretch of its own: a jingle, or the end of a scene's score.
SHORTEST_MUSIC_MS = 5_000
#: A longer pause parts two stretches.
_PAUSE_MS = 1_000
#: Windows averaged for each: three seconds, longer than a pause for breath.
_SMOOTHED = 5

_Numbers = npt.NDArray[np.float64]


def music_stretches(times: _Numbers, music: _Numbers, threshold: float) -> Iterator[SoundHeard]:
    """The stretches of at least `SHORTEST_MUSIC_MS` in which music is likely all the time.

    Args:
        times: start and end of each window in milliseconds, in order, shape (windows, 2)
        music: the probability of music alone in each, shape (windows,)
        threshold: the lowest probability, averaged over about three seconds

    >>> times = np.array([[at, at + 960.0] for at in range(0, 9_600, 480)])
    >>> list(music_stretches(times, np.where(times[:, 0] < 6_000, 0.9, 0.1), 0.6))
    [SoundHeard(start_ms=0, end_ms=6240, sound=<SceneSound.MUSIC: 'music'>, probability=0.886667)]
    """
    for first, last in _runs(times[1:, 0] - times[:-1, 1] > _PAUSE_MS, len(times)):
        smooth = _smoothed(music[first:last])
        likely = smooth >= threshold
        changes = np.diff(likely.astype(np.int8)) != 0
        for start, end in _runs(changes, last - first):
            if not likely[start]:
                continue
            begins, ends = int(times[first + start, 0]), int(times[first + end - 1, 1])
            if ends - begins >= SHORTEST_MUSIC_MS:
                share = float(smooth[start:end].mean())
                yield SoundHeard(begins, ends, SceneSound.MUSIC, round(share, 6))


def _runs(breaks: npt.NDArray[np.bool_], count: int) -> Iterator[tuple[int, int]]:
    """First row of each run and the one after its last, given whether it ends after each row."""
    edges = [0, *(np.flatnonzero(breaks) + 1).tolist(), count]
    return ((a, b) for a, b in pairwise(edges) if b > a)


def _smoothed(shares: _Numbers) -> _Numbers:
    """The mean of each window and its neighbours; fewer at the ends."""
    width = min(_SMOOTHED, len(shares))
    ones = np.ones(width)
    return np.asarray(
        np.convolve(shares, ones, mode="same")
        / np.convolve(np.ones(len(shares)), ones, mode="same")
    )
