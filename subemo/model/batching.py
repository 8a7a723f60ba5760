"""Frames as network input: a fixed number at once, padded, with a mask."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..align.segments import windows
from ..features import Vector

Row = npt.NDArray[np.float32]

#: Rows after the frames: the segment's mean and standard deviation over time.
SUMMARY = 2


def padded(frames: Vector, summary: Vector, steps: int) -> Row:
    """Builds one network input.

    Args:
        frames: standardised, at most *steps* of them, shape (frames, size)
        summary: of the whole segment, standardised, shape (2, size)
        steps: number of frames that the network takes

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
    """Divides a segment into the fewest inputs of equal length, with their numbers of frames.

    Args:
        standardised: see `Statistics.standardise`, shape (2 + frames, size)
        steps: number of frames that the network takes
    """
    summary, frames = standardised[:SUMMARY], standardised[SUMMARY:]
    return [
        (padded(frames[start:end], summary, steps), end - start)
        for start, end in windows(0, len(frames), longest_ms=steps)
    ]
