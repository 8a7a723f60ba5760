"""Sound as arrays: mono float32 in -1 to 1, shape (samples,).

A mix to mono can cancel what a listener hears: if one channel is the negative of the other, as
after a swapped wire, their mean is silent. Where the mean of two channels is weaker than either by
more than their being different sounds explains, the louder channel is taken instead. Channels with
unlike sounds, or one silent channel, do not cancel: their mean has at least a quarter of the louder
one's power.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from ..core.errors import MediaError

Samples = npt.NDArray[np.float32]

#: The duration over which powers are compared, and of the change from one to the other, in ms.
_WINDOW_MS, _FADE_MS = 500, 10
#: The mean's power as a share of the louder channel's, below which it counts as cancelled: for
#: channels of one power, a correlation of -0.6.
_CANCELLED = 0.2
#: The power below which a window counts as silent and changes nothing (-60 dBFS).
_SILENT = 1e-6
#: How many times as strong the other channel must be to be taken instead.
_LOUDER = 4.0

#: What can be taken: the mix, or one of the two channels.
_LEFT, _RIGHT, _MIX = range(3)


def load(path: str | Path, *, sample_rate: int) -> Samples:
    """Reads a sound file that libsndfile supports (WAV, FLAC, Ogg, MP3).

    Channels are averaged, and the louder of two taken where they cancel. Films and other formats go through `subemo.media`.

    Args:
        path: the file
        sample_rate: of the result, in hertz

    Raises:
        MediaError: if the file is missing or cannot be read
    """
    import soundfile

    if not Path(path).is_file():
        raise MediaError("no such file", path=path, remedy="Check the path.")
    try:
        samples, rate = soundfile.read(os.fsencode(path), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise MediaError(
            f"not a readable sound file ({error.error_string.rstrip('.')})", path=path
        ) from error
    return resample(mono(samples, rate), rate, sample_rate)


def resample(samples: Samples, rate: int, target: int) -> Samples:
    """*samples* at *target* hertz (soxr, high quality, as librosa's default)."""
    if rate == target:
        return samples
    import soxr

    return cast(Samples, soxr.resample(samples, rate, target, quality="HQ"))


class PhaseMixer:
    """Mixes to mono, and takes the louder channel where the mix cancels.

    Args:
        sample_rate: in hertz
        first: the first sample where the mix may be replaced
    """

    def __init__(self, sample_rate: int, *, first: int = 0) -> None:
        self.replaced = 0  #: how many samples were not of the mix
        self._size = sample_rate * _WINDOW_MS // 1000
        fade = sample_rate * _FADE_MS // 1000
        self._fade = np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
        self._waiting = np.empty((0, 3), dtype=np.float32)
        self._before = first
        self._taken = _MIX
        self._fades = first > 0  # nothing is heard before the first window of a film

    def mixed(self, frames: npt.NDArray[np.float32], *, is_last: bool = False) -> Iterator[Samples]:
        """Mixes the next frames.

        Args:
            frames: two channels, and the mix; shape (samples, 3)
            is_last: whether nothing follows

        Yields:
            as much as can be decided, mono
        """
        if self._before:
            yield frames[: self._before, _MIX]
            frames, self._before = (
                frames[self._before :],
                max(0, self._before - len(frames)),
            )
        waiting = np.concatenate((self._waiting, frames))
        while len(waiting) >= self._size or (is_last and len(waiting)):
            yield self._window(waiting[: self._size])
            waiting = waiting[self._size :]
        self._waiting = waiting

    def _window(self, frames: npt.NDArray[np.float32]) -> Samples:
        before, self._taken = self._taken, self._choice(frames[:, :_MIX])
        chosen: Samples = frames[:, self._taken]
        if self._taken != _MIX:
            self.replaced += len(frames)
        if self._taken != before and self._fades:
            fade = self._fade[: len(frames)]
            chosen = chosen.copy()
            chosen[: fade.size] *= fade
            chosen[: fade.size] += frames[: fade.size, before] * (1 - fade)
        self._fades = True
        return chosen

    def _choice(self, pair: npt.NDArray[np.float32]) -> int:
        powers = np.mean(np.square(pair, dtype=np.float64), axis=0)
        if powers.max() < _SILENT:
            return self._taken
        mean = float(np.mean(np.square(pair.mean(axis=1), dtype=np.float64)))
        if mean >= _CANCELLED * powers.max():
            return _MIX
        if self._taken != _MIX and _LOUDER * powers[self._taken] >= powers.max():
            return self._taken
        return _LEFT if powers[0] >= powers[1] else _RIGHT


def mono(samples: npt.NDArray[np.float32], sample_rate: int) -> Samples:
    """The mean of all channels, and the louder of two where they cancel.

    Args:
        samples: in -1 to 1, shape (samples, channels)
        sample_rate: in hertz
    """
    mix: Samples = samples.mean(axis=1, dtype=np.float32)
    if samples.shape[1] != 2 or not len(samples):
        return mix
    mixer = PhaseMixer(sample_rate)
    return np.concatenate(list(mixer.mixed(np.column_stack((samples, mix)), is_last=True)))
