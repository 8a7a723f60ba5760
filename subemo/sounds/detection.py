"""Probabilities of vocal sounds, shouting and whispering, from the frames of cues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..core.emotions import EMOTIONS
from ..core.sounds import EFFORTS, SOUNDS, VocalProbabilities
from .weights import LinearLayer, Reals, SoundDetector

Rows = npt.NDArray[np.float32]

#: The length of a window and the hop to the next, in milliseconds.
WINDOW_MS, HOP_MS = 960, 480


def window_edges(frames: int, frame_ms: int) -> list[tuple[int, int]]:
    """The first frame of each window and the one after its last; the last window ends at the end.

    >>> window_edges(20, 120)
    [(0, 8), (4, 12), (8, 16), (12, 20)]
    >>> window_edges(3, 120)
    [(0, 3)]
    """
    width, hop = max(1, WINDOW_MS // frame_ms), max(1, HOP_MS // frame_ms)
    if frames <= width:
        return [(0, frames)]
    starts = [*range(0, frames - width, hop), frames - width]
    return [(start, start + width) for start in starts]


def pool(frames: npt.NDArray[np.floating], frame_ms: int) -> Rows:
    """Mean and standard deviation of each feature over each window.

    Args:
        frames: frames of a segment, shape (frames, size), at least one
        frame_ms: the hop length of the frames

    Returns:
        shape (windows, 2 * size)
    """
    wide = np.asarray(frames, np.float32)
    parts = [wide[start:end] for start, end in window_edges(len(wide), frame_ms)]
    return np.stack([np.concatenate([part.mean(axis=0), part.std(axis=0)]) for part in parts])


#: The number of cues of ordinary speech assumed in each film, so that a few unusual cues are not
#: taken as the film's norm.
PRIOR_CUES = 20

Frames = npt.NDArray[np.floating]
Shares = npt.NDArray[np.float64]


def sound_peaks(stretches: Iterable[Frames], weights: SoundDetector) -> Shares:
    """The largest probability of each sound over all windows of a cue.

    Args:
        stretches: its frames, each of the shape (frames, size); at least one
        weights: see `find_weights`

    Returns:
        shape (7,), in the order of `SOUNDS`
    """
    windows = np.concatenate([pool(frames, weights.frame_ms) for frames in stretches])
    return np.asarray(weights.sounds.probabilities(windows)[:, : len(SOUNDS)].max(axis=0))


def mood_likelihoods(heard: VocalProbabilities | None, weights: SoundDetector) -> Shares:
    """P(detected sound given the emotion), up to a factor; ones if no sound tells about it.

    Args:
        heard: the probabilities of a cue's sounds, or None
        weights: see `find_weights`

    Returns:
        shape (8,), in the order of `EMOTIONS`
    """
    nothing = np.ones(len(EMOTIONS))
    if heard is None:
        return nothing
    over = [one for one in SOUNDS if heard.probability(one) >= weights.thresholds[one]]
    sound = max(over, key=heard.probability, default=None)
    if sound is None or sound not in weights.moods:
        return nothing
    return np.array([weights.moods[sound][emotion] for emotion in EMOTIONS])


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


def effort_probabilities(summaries: Rows, baseline: Reals, efforts: LinearLayer) -> Shares:
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
