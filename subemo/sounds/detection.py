"""From the frames of cues to the probability of each vocal sound, and of shouting and whispering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..core.sounds import EFFORTS, SOUNDS
from .pooling import Rows, pool
from .weights import Linear, Reals, Weights

#: As many cues of ordinary speech are taken to be in each film, so that a few strange cues are not
#: taken for what is usual there.
PRIOR_CUES = 20

Frames = npt.NDArray[np.floating]
Shares = npt.NDArray[np.float64]


def sound_peaks(stretches: Iterable[Frames], weights: Weights) -> Shares:
    """The largest probability of each sound over all windows of a cue.

    Args:
        stretches: its frames, each of the shape (frames, size); at least one
        weights: see `find_weights`

    Returns:
        shape (7,), in the order of `SOUNDS`
    """
    windows = np.concatenate([pool(frames, weights.frame_ms) for frames in stretches])
    return np.asarray(weights.sounds.probabilities(windows)[:, : len(SOUNDS)].max(axis=0))


def summary(stretches: Iterable[Frames]) -> Rows:
    """Mean and deviation of a cue's frames.

    Args:
        stretches: its frames, each of the shape (frames, size); at least one

    Returns:
        shape (2 * size,)
    """
    frames = np.concatenate([np.asarray(one, np.float32) for one in stretches])
    return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])


def film_baseline(summaries: Sequence[Rows] | Rows, ordinary: Reals) -> Reals:
    """What is usual in a film: the middle of its cues' summaries, shrunk towards ordinary speech.

    Args:
        summaries: of all cues of the film, shape (cues, 2 * size)
        ordinary: the middle of ordinary speech, shape (2 * size,)
    """
    count = len(summaries)
    if not count:
        return ordinary
    middle = np.median(np.asarray(summaries, np.float32), axis=0)
    shrunk = (count * middle + PRIOR_CUES * ordinary) / (count + PRIOR_CUES)
    return np.asarray(shrunk, np.float32)


def effort_probabilities(summaries: Rows, baseline: Reals, efforts: Linear) -> Shares:
    """How likely each cue is shouted, and whispered.

    Vocal effort is what a voice does against its usual, so that a film's usual
    is taken away first; and the level at which it was recorded is taught to
    tell nothing (`subemo.research.sounds`).

    Args:
        summaries: of some cues, shape (cues, 2 * size)
        baseline: see `film_baseline`
        efforts: the head

    Returns:
        shape (cues, 2), in the order of `EFFORTS`
    """
    shares = efforts.probabilities(np.asarray(summaries, np.float32) - baseline)
    return np.asarray(shares[:, : len(EFFORTS)])
