"""What of a stretch of sound is looked at: one rule, in training and in annotation."""

from __future__ import annotations

import numpy as np

from ..media.audio import Samples
from . import stft

#: Frames this far below the loudest one count as silence at the ends.
TOP_DB = 40.0

#: Less sound than this, in milliseconds, says nothing about the voice.
MIN_SOUND_MS = 300


def trim_silence(samples: Samples) -> Samples:
    """*samples* without their silent ends; empty where all is digital silence.

    The source of the 2024 report (Davies and Chen) loads 2.5 s from 0.6 s on, which fits RAVDESS alone; a
    subtitle cue is whatever it is, so the ends are found by level instead
    (as `librosa.effects.trim` does, with `TOP_DB`).
    """
    start, end = sounding(samples)
    return samples[start:end]


def sounding(samples: Samples) -> tuple[int, int]:
    """Where `trim_silence` cuts: the first sample that it keeps, and the one behind the last."""
    if not samples.size:
        return 0, 0
    levels = stft.rms(samples.astype(np.float64))
    loudest = levels.max()
    if loudest <= 1e-5:  # -100 dBFS: nothing that a 16-bit track can hold
        return 0, 0
    (found,) = np.nonzero(levels > loudest * 10 ** (-TOP_DB / 20))
    start, end = found[0] * stft.HOP_LENGTH, (found[-1] + 1) * stft.HOP_LENGTH
    return int(start), min(int(end), samples.size)
