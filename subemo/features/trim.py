"""Trims silence from segments, by the same rule in training and annotation."""

from __future__ import annotations

import numpy as np

from ..media.audio import Samples
from . import stft

#: Frames this far below the loudest one count as silence at the ends.
TOP_DB = 40.0

#: The shortest sound, in milliseconds, that can be classified.
MIN_SOUND_MS = 300


def trim_silence(samples: Samples) -> Samples:
    """Removes the silent ends of *samples*; empty if all is digital silence.

    The 2024 report (Davies and Chen) loads 2.5 s from 0.6 s on, which suits only
    RAVDESS; cues have any length, so the ends are found by level instead
    (like `librosa.effects.trim`, with `TOP_DB`).
    """
    start, end = sounding(samples)
    return samples[start:end]


def sounding(samples: Samples) -> tuple[int, int]:
    """The bounds of `trim_silence`: the first sample kept, and the one after the last."""
    if not samples.size:
        return 0, 0
    levels = stft.rms(samples.astype(np.float64))
    loudest = levels.max()
    if loudest <= 1e-5:  # -100 dBFS, below the range of 16-bit sound
        return 0, 0
    (found,) = np.nonzero(levels > loudest * 10 ** (-TOP_DB / 20))
    start, end = found[0] * stft.HOP_LENGTH, (found[-1] + 1) * stft.HOP_LENGTH
    return int(start), min(int(end), samples.size)
