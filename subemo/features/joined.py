"""Frames of several Whisper encoders, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..media.audio import Samples
from . import mel
from .base import Vector
from .bundled import BASE_SHA256, WIDTHS
from .encoder import available_threads
from .encoder_graph import ComputeType
from .whisper import WhisperFrames

#: More encoders would only cost time.
_MOST = 4

#: The parameters in which the parts differ.
_OWN = ("layers", "compute_type", "encoder_sha256", "size")

_TINY_EN = WhisperFrames(layers=(2,), compute_type=ComputeType.INT8, size=384)
_BASE = WhisperFrames(
    layers=(3,), compute_type=ComputeType.INT8, sha256=BASE_SHA256, size=WIDTHS[BASE_SHA256]
)


@dataclass(frozen=True)
class JoinedFrames:
    """Features from several Whisper encoders, which see the same spectrogram.

    Attributes:
        parts: the frames of each encoder, of one hop length
    """

    parts: tuple[WhisperFrames, ...] = (_TINY_EN, _BASE)
    name: str = "joined-whisper-frames"
    sample_rate: int = mel.SAMPLE_RATE

    @property
    def size(self) -> int:
        """See `FeatureSet.size`."""
        return sum(part.size for part in self.parts)

    @property
    def shape(self) -> tuple[int, ...]:
        """See `FeatureSet.shape`."""
        return (3, self.size)

    @property
    def widths(self) -> tuple[int, ...]:
        """See `FrameFeatures.widths`."""
        return tuple(width for part in self.parts for width in part.widths)

    @property
    def threads(self) -> int:
        """See `FeatureSet.threads`; the encoders run outside Python."""
        return available_threads()

    def configured(self, parameters: Mapping[str, float | str]) -> JoinedFrames:
        """See `WhisperFrames.configured`."""
        count = int(parameters["encoders"])
        if not 1 <= count <= _MOST:
            raise ValueError(f"unsupported number of encoders: {count}")
        frame_ms = parameters["frame_ms"]
        found = JoinedFrames(
            tuple(
                WhisperFrames().configured({**_of_part(parameters, number), "frame_ms": frame_ms})
                for number in range(1, count + 1)
            )
        )
        if found.size != int(parameters["size"]):
            raise ValueError(f"{parameters['size']} values per frame, of {found.size}")
        return found

    def parameters(self) -> dict[str, float | str]:
        """See `FeatureSet.parameters`: what the parts share, and their own behind their number."""
        every = [part.parameters() for part in self.parts]
        found = {name: value for name, value in every[0].items() if name not in _OWN}
        found |= {"encoders": len(every), "size": self.size}
        for number, own in enumerate(every, 1):
            found |= {f"{number}.{name}": own[name] for name in _OWN}
        return found

    def extract(self, samples: Samples) -> Vector:
        """The frames of a trimmed segment of sound.

        Args:
            samples: mono, at `sample_rate`, shape (samples,), at most 30 s

        Returns:
            shape (frames, size), in half precision
        """
        spectrogram = mel.log_mel(samples)
        return np.concatenate([part.frames_of(spectrogram) for part in self.parts], axis=1)


def _of_part(parameters: Mapping[str, float | str], number: int) -> dict[str, float | str]:
    """The parameters of one part, without its number."""
    return {name: parameters[f"{number}.{name}"] for name in _OWN}


FEATURES = JoinedFrames()
