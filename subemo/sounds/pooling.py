"""Pools the encoder's frames over windows of about a second."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
