"""Probabilities of vocal sounds, shouting and whispering, from the frames of cues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..core.sounds import EFFORTS, SOUNDS
from .pooling import Rows, pool
from .weights import Linear, Reals, Weights

#: The number of cues of ordinary speech assumed in each film, so that a few unusual cues are not
#: taken as the film's norm.
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
    """Mean and standard deviation of a cue's frames.

    Args:
        stretches: its frames, each of the shape (frames, size); at least one

    Returns:
        shape (2 * size,)
    """
    frames = np.concatenate([np.asarray(one, np.float32) for one in stretches])
    return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])


def film_baseline(summaries: Sequence[Rows] | Rows, ordinary: Reals) -> Reals:
    """A film's baseline: the median of its cues' summaries, shrunk towards ordinary speech.

    Args:
        summaries: summaries of all cues of the film, shape (cues, 2 * size)
        ordinary: the median of ordinary speech, shape (2 * size,)
    """
    count = len(summaries)
    if not count:
        return ordinary
    middle = np.median(np.asarray(summaries, np.float32), axis=0)
    shrunk = (count * middle + PRIOR_CUES * ordinary) / (count + PRIOR_CUES)
    return np.asarray(shrunk, np.float32)


def effort_probabilities(summaries: Rows, baseline: Reals, efforts: Linear) -> Shares:
    """The probabilities that each cue is shouted or whispered.

    Vocal effort is relative to a voice's norm, so the film's baseline is
    subtracted first; training makes the result independent of the recording
    level (`subemo.research.sounds`).

    Args:
        summaries: summaries of the cues, shape (cues, 2 * size)
        baseline: see `film_baseline`
        efforts: the linear model

    Returns:
        shape (cues, 2), in the order of `EFFORTS`
    """
    shares = efforts.probabilities(np.asarray(summaries, np.float32) - baseline)
    return np.asarray(shares[:, : len(EFFORTS)])
