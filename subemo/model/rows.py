"""Frames as a network takes them: a fixed number at once, padded, with a mask."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..align.segments import windows
from ..features import Vector

Row = npt.NDArray[np.float32]


def padded(frames: Vector, steps: int) -> Row:
    """One row for the network: the frames, zeros, and a last column that says which is which.

    Args:
        frames: standardised, at most *steps* of them, shape (frames, size)
        steps: how many frames the network takes

    Returns:
        shape (steps, size + 1)
    """
    row = np.zeros((steps, frames.shape[1] + 1), dtype=np.float32)
    row[: len(frames), :-1] = frames
    row[: len(frames), -1] = 1
    return row


def rows_of(frames: Vector, steps: int) -> list[tuple[Row, int]]:
    """All of a stretch, in the fewest rows of equal length, and how many frames each holds."""
    return [
        (padded(frames[start:end], steps), end - start)
        for start, end in windows(0, len(frames), longest_ms=steps)
    ]
