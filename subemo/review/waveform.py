"""The waveform of a film: fifty peaks per second."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..analysis.film import Film
from ..core.cache import Cache, file_digest
from ..core.errors import OutputError

#: Peaks per second.
RATE = 50
_SAMPLE_RATE = 8_000
_SAMPLES = _SAMPLE_RATE // RATE
#: The maximum of a peak.
_LOUDEST = 255

Peaks = npt.NDArray[np.uint8]


def peaks_of(
    film: Film,
    on_peaks: Callable[[bytes], None],
    *,
    cache: Cache | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Computes the peaks of a film, piece by piece.

    A peak is the largest magnitude of a fiftieth of a second, 0 to 255.

    Args:
        film: the film
        on_peaks: called with the next peaks, one byte each
        cache: cache of peaks, or None
        is_over: whether to stop

    Raises:
        MediaError: if the sound cannot be decoded
    """
    key = Cache.key(file_digest(film.path).encode(), "peaks", RATE, film.heard)
    kept = None if cache is None else cache.get(key, shape=(None,), fits=_are_peaks)
    if kept is not None:
        on_peaks(kept.astype(np.uint8).tobytes())
        return
    pieces: list[Peaks] = []
    rest = np.zeros(0, np.float32)
    with film.sound("drawing the sound", _SAMPLE_RATE) as blocks:
        for block in blocks:
            if is_over():
                return
            samples = np.concatenate([rest, block])
            whole = samples.size // _SAMPLES * _SAMPLES
            rest = samples[whole:]
            if whole:
                pieces.append(_peaks(samples[:whole]))
                on_peaks(pieces[-1].tobytes())
    if rest.size:
        pieces.append(_peaks(np.pad(rest, (0, _SAMPLES - rest.size))))
        on_peaks(pieces[-1].tobytes())
    if cache is not None and pieces:
        try:
            cache.put(key, np.concatenate(pieces).astype(np.float16))
        except (OSError, OutputError):
            return  # they are computed again the next time


def _peaks(samples: npt.NDArray[np.float32]) -> Peaks:
    loudest = np.abs(samples.reshape(-1, _SAMPLES)).max(axis=1)
    return np.asarray(np.minimum(loudest, 1) * _LOUDEST, dtype=np.uint8)


def _are_peaks(array: npt.NDArray[np.float64]) -> bool:
    return bool(((array >= 0) & (array <= _LOUDEST)).all())
