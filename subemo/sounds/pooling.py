"""Frames of the encoder as windows of about a second, each a row of numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]

#: How much sound a window holds, and how far the next one starts behind it, in milliseconds.
WINDOW_MS, HOP_MS = 960, 480


def window_edges(frames: int, frame_ms: int) -> list[tuple[int, int]]:
    """First frame and the one behind the last of each window; the last window reaches the end.

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
    """Mean and deviation of each number over each window.

    Args:
        frames: of one stretch, shape (frames, size), at least one
        frame_ms: how much sound a frame holds

    Returns:
        shape (windows, 2 * size)
    """
    wide = np.asarray(frames, np.float32)
    parts = [wide[start:end] for start, end in window_edges(len(wide), frame_ms)]
    return np.stack([np.concatenate([part.mean(axis=0), part.std(axis=0)]) for part in parts])
