"""Frames as a network takes them: a fixed number at once, padded, with a mask."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..align.segments import windows
from ..features import Vector

Row = npt.NDArray[np.float32]

#: Rows below the frames: the whole stretch's mean, and its deviation over time.
SUMMARY = 2


def padded(frames: Vector, summary: Vector, steps: int) -> Row:
    """One row for the network.

    Args:
        frames: standardised, at most *steps* of them, shape (frames, size)
        summary: of the whole stretch, standardised, shape (2, size)
        steps: how many frames the network takes

    Returns:
        shape (steps + 2, size + 1): the frames, zeros, the summary; the last
        column is 1 for a frame and 0 elsewhere
    """
    row = np.zeros((steps + SUMMARY, frames.shape[1] + 1), dtype=np.float32)
    row[: len(frames), :-1] = frames
    row[: len(frames), -1] = 1
    row[steps:, :-1] = summary
    return row


def rows_of(standardised: Vector, steps: int) -> list[tuple[Row, int]]:
    """All of a stretch, in the fewest rows of equal length, and how many frames each holds.

    Args:
        standardised: see `Statistics.standardise`, shape (2 + frames, size)
        steps: how many frames the network takes
    """
    summary, frames = standardised[:SUMMARY], standardised[SUMMARY:]
    return [
        (padded(frames[start:end], summary, steps), end - start)
        for start, end in windows(0, len(frames), longest_ms=steps)
    ]
