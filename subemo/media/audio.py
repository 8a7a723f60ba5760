"""Sound as arrays: mono float32 in -1 to 1, shape (samples,)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from ..core.errors import MediaError

Samples = npt.NDArray[np.float32]


def load(path: str | Path, *, sample_rate: int) -> Samples:
    """Reads a sound file that libsndfile supports (WAV, FLAC, Ogg, MP3).

    Channels are averaged. Films and other formats go through `subemo.media`.

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
    return resample(samples.mean(axis=1, dtype=np.float32), rate, sample_rate)


def resample(samples: Samples, rate: int, target: int) -> Samples:
    """*samples* at *target* hertz (soxr, high quality, as librosa's default)."""
    if rate == target:
        return samples
    import soxr

    return cast(Samples, soxr.resample(samples, rate, target, quality="HQ"))
