"""Detects speech, also over music: spectral subtraction followed by silero's detector.

silero's detector (MIT, in the package faster-whisper) tells speech from silence
and noise, but misses speech over music: of the four lines of the sample trailer
it finds three, at any threshold. A voice changes pitch several times a second,
while most music holds its tones. So each frequency's level over two seconds is
subtracted first (spectral subtraction; Boll, 1979), and the detector runs on
both the original sound and the residual. Either may find speech.

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import SettingsError
from ..core.native import disable_telemetry, loaded_once
from ..core.settings import bounded, check_fields
from ..core.times import HOUR_MS
from ..media.audio import Samples

#: The input of silero's detector: sample rate in hertz, and samples per chunk.
SAMPLE_RATE = 16_000
_CHUNK = 512
#: The number of chunks (of 32 ms) classified at a time, and the number before them that
#: warm up the detector.
_BATCH, _LEAD = 1_875, 125
#: Spectral subtraction: samples per frame, frames over which a level is
#: estimated, the quantile used (exceeded 30 % of that time), and the factor
#: subtracted. Chosen on the sample trailer, see docs/captioning/transcription.md.
_FRAME, _STEADY, _PERCENTILE, _OVER, _FLOOR = 512, 125, 70, 1.5, 0.05

_Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class SpeechPolicy:
    """What counts as speech.

    Attributes:
        threshold: the probability, 0 to 1, at which speech begins
        release: the probability below which it can end
        min_silence_ms: the shortest pause that ends it
        min_speech_ms: the shortest speech
        padding_ms: time added before and after it

    Raises:
        SettingsError: if a value is invalid

    Example:
        >>> SpeechPolicy(min_silence_ms=300).threshold
        0.45
    """

    threshold: float = bounded(0.45, low=0, high=1)
    release: float = bounded(0.15, low=0, high=1)
    min_silence_ms: int = bounded(500, low=0, high=HOUR_MS)
    min_speech_ms: int = bounded(160, low=0, high=HOUR_MS)
    padding_ms: int = bounded(150, low=0, high=HOUR_MS)

    def __post_init__(self) -> None:
        check_fields(self)
        if self.release > self.threshold:
            raise SettingsError(
                f"release cannot be {self.release:g}",
                remedy=f"It must be at most the threshold, {self.threshold:g}.",
            )


def split_on_speech(
    blocks: Iterable[Samples], policy: SpeechPolicy | None = None
) -> Iterator[tuple[int, int]]:
    """Finds the intervals of speech.

    Args:
        blocks: mono sound at `SAMPLE_RATE`, in blocks of any size
        policy: what counts as speech

    Yields:
        start and end in milliseconds, in order, none touching the next
    """
    policy = policy or SpeechPolicy()
    chunk_ms = _CHUNK * 1000 / SAMPLE_RATE
    first: int | None = None
    last = 0
    place = -1
    ended_ms = 0

    def padded(first: int, last: int, before_ms: int) -> tuple[int, int]:
        start = max(before_ms, round(first * chunk_ms) - policy.padding_ms, 0)
        return start, round((last + 1) * chunk_ms) + policy.padding_ms

    for place, probability in enumerate(speech_probabilities(blocks)):
        if first is None:
            if probability >= policy.threshold:
                first = last = place
        elif probability >= policy.release:
            last = place
        elif (place - last) * chunk_ms >= policy.min_silence_ms:
            if (last + 1 - first) * chunk_ms >= policy.min_speech_ms:
                found = padded(first, last, ended_ms)
                ended_ms = found[1]
                yield found
            first = None
    if first is not None and (last + 1 - first) * chunk_ms >= policy.min_speech_ms:
        start, end = padded(first, last, ended_ms)
        yield start, min(end, round((place + 1) * chunk_ms))


def speech_probabilities(blocks: Iterable[Samples]) -> Iterator[float]:
    """The probability of speech in each chunk of 32 ms.

    Args:
        blocks: mono sound at `SAMPLE_RATE`

    Yields:
        0 to 1
    """
    detector = _detector()
    lead = np.zeros(0, dtype=np.float32)
    for batch in _batches(blocks):
        sound = np.concatenate((lead, batch))
        padded = np.pad(sound, (0, -sound.size % _CHUNK)).astype(np.float32)
        speech = np.maximum(detector(padded), detector(moving(padded)))
        yield from speech[lead.size // _CHUNK :].tolist()
        lead = sound[-_LEAD * _CHUNK :] if sound.size % _CHUNK == 0 else sound[:0]


def moving(samples: Samples) -> Samples:
    """Subtracts the steady part of a sound; returns the same shape."""
    from scipy.signal import istft, stft

    # The small constant that avoids division by zero contains no speech.
    _, _, spectrum = stft(samples, nperseg=_FRAME)
    level = np.abs(spectrum)
    gain = np.clip((level - _OVER * _steady_level(level)) / (level + 1e-9), _FLOOR, 1)
    _, left = istft(spectrum * gain, nperseg=_FRAME)
    return np.pad(left, (0, max(0, samples.size - left.size)))[: samples.size].astype(np.float32)


def _steady_level(level: _Floats) -> _Floats:
    """The level of each frequency that is exceeded 30 % of the time around each frame.

    Computed every half window and interpolated linearly.
    """
    frames = level.shape[1]
    centres = np.arange(0, frames + _STEADY // 2, _STEADY // 2)
    levels = np.stack(
        [
            np.percentile(
                level[:, max(0, at - _STEADY // 2) : at + _STEADY // 2 + 1], _PERCENTILE, axis=1
            )
            for at in np.minimum(centres, frames - 1)
        ],
        axis=1,
    )
    places = np.arange(frames) / (_STEADY // 2)
    left = places.astype(int)
    share = places - left
    steady: _Floats = levels[:, left] * (1 - share) + levels[:, left + 1] * share
    return steady


def _batches(blocks: Iterable[Samples]) -> Iterator[Samples]:
    waiting: list[Samples] = []
    size = 0
    for block in blocks:
        waiting.append(block)
        size += block.size
        while size >= _BATCH * _CHUNK:
            joined = np.concatenate(waiting)
            yield joined[: _BATCH * _CHUNK]
            waiting = [joined[_BATCH * _CHUNK :]]
            size = waiting[0].size
    if size:
        yield np.concatenate(waiting)


@loaded_once(1)  # its session may be shared, and it keeps nothing between calls
def _detector() -> Any:
    disable_telemetry()
    from faster_whisper.vad import get_vad_model

    model = get_vad_model()
    return lambda samples: np.asarray(model(samples)).reshape(-1)
