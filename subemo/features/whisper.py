"""Frames from layers of a Whisper encoder, averaged to a longer hop length."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..align.segments import MAX_WINDOW_MS
from ..core.errors import BundleError
from ..media.audio import Samples
from . import mel
from .base import Vector
from .encoder import (
    BASE_SHA256,
    TINY_EN_SHA256,
    WIDTHS,
    EncoderLayers,
    available_threads,
    load_encoder,
    weights_sha256,
)
from .encoder_graph import ComputeType
from .windows import TOP_DB

#: The environment variable with the folder of another encoder.
ENCODER_VARIABLE = "SUBEMO_ENCODER"

#: The encoder outputs one row every 20 ms.
_ROW_MS = 20

#: Layers as written in a bundle; more than four would only cost time.
_LAYERS = re.compile(r"[1-9]\d?(?:\+[1-9]\d?){0,3}")


@dataclass(frozen=True)
class WhisperFrames:
    """Features from a Whisper encoder, one frame every `frame_ms`.

    Attributes:
        layers: the layers of the encoder, counted from 1; the outputs
            of several layers are concatenated in a frame
        frame_ms: the hop length: the sound averaged in a frame, a multiple of 20
        compute_type: the precision of products with the encoder's weights
        folder: an encoder on disk; None for what comes with subemo
        sha256: SHA-256 of its weights
        size: values per frame
    """

    layers: tuple[int, ...] = (2, 3)
    frame_ms: int = 120
    compute_type: ComputeType = ComputeType.FLOAT32
    folder: Path | None = None
    sha256: str = TINY_EN_SHA256
    size: int = 768
    name: str = "whisper-frames"
    sample_rate: int = mel.SAMPLE_RATE

    @property
    def shape(self) -> tuple[int, ...]:
        """See `FeatureSet.shape`."""
        return (3, self.size)

    @property
    def widths(self) -> tuple[int, ...]:
        """See `FrameFeatures.widths`."""
        return (self.size // len(self.layers),) * len(self.layers)

    @property
    def threads(self) -> int:
        """See `FeatureSet.threads`; the encoder runs outside Python."""
        return available_threads()

    @classmethod
    def of_encoder(
        cls,
        folder: Path | None,
        *,
        layers: tuple[int, ...] | None = None,
        compute_type: ComputeType | None = None,
    ) -> WhisperFrames:
        """The frames of a Whisper encoder on disk.

        Args:
            folder: a Whisper model in CTranslate2 format; None for the packaged one
            layers: the layers to use; None for the default
            compute_type: the precision; None for the default

        Raises:
            BundleError: if it is not an encoder or takes another spectrogram
        """
        found = cls(
            layers=layers or cls.layers,
            folder=folder,
            sha256=TINY_EN_SHA256 if folder is None else weights_sha256(folder),
            compute_type=compute_type or cls.compute_type,
        )
        try:
            frames = found.extract(np.zeros(found.sample_rate, dtype=np.float32))
        except (ValueError, RuntimeError) as error:
            raise BundleError(
                f"this encoder does not take {mel.N_MELS} mel bands ({error})", path=folder
            ) from error
        return replace(found, size=frames.shape[1])

    def configured(self, parameters: Mapping[str, float | str]) -> WhisperFrames:
        """The frames that a bundle was trained on.

        If they do not come with subemo, the encoder's folder is read from the
        environment variable `ENCODER_VARIABLE`.
        """
        layers, size = layers_of(str(parameters["layers"])), int(parameters["size"])
        frame_ms = int(parameters["frame_ms"])
        if frame_ms % _ROW_MS or not _ROW_MS <= frame_ms <= MAX_WINDOW_MS:
            raise ValueError(f"unsupported frame length: {frame_ms} ms")
        found = replace(
            self,
            layers=layers,
            frame_ms=frame_ms,
            compute_type=ComputeType(str(parameters["compute_type"])),
            folder=None,
            sha256=str(parameters["encoder_sha256"]),
            size=size,
        )
        if WIDTHS.get(found.sha256, size // len(layers)) * len(layers) != size:
            raise ValueError(f"{size} values per frame for {len(layers)} layers")
        if found.encoder_layers.is_installed:
            return found
        elsewhere = os.environ.get(ENCODER_VARIABLE)
        if not elsewhere:
            raise BundleError(
                "this model needs another Whisper encoder than the bundled one",
                remedy=f"Set {ENCODER_VARIABLE} to its folder (SHA-256 {found.sha256}).",
            )
        return replace(found, folder=Path(elsewhere))

    def parameters(self) -> dict[str, float | str]:
        """See `FeatureSet.parameters`."""
        return {
            "layers": "+".join(map(str, self.layers)),
            "frame_ms": self.frame_ms,
            "compute_type": self.compute_type.value,
            "encoder_sha256": self.sha256,
            "size": self.size,
            "trim_top_db": TOP_DB,
            "max_window_ms": MAX_WINDOW_MS,
        }

    @property
    def encoder_layers(self) -> EncoderLayers:
        """The layers of the encoder that are computed, each once."""
        layers = tuple(sorted(set(self.layers)))
        return EncoderLayers(self.sha256, layers, self.compute_type, self.folder)

    def extract(self, samples: Samples) -> Vector:
        """The frames of a trimmed segment of sound.

        Args:
            samples: mono, at `sample_rate`, shape (samples,), at most 30 s

        Returns:
            shape (frames, size), in half precision to save memory, since all frames
            of a film are held until the last is computed
        """
        return self.frames_of(mel.log_mel(samples))

    def frames_of(self, spectrogram: mel.Mel) -> Vector:
        """The frames of a spectrogram, see `extract` and `log_mel`."""
        step = self.frame_ms // _ROW_MS
        wanted = self.encoder_layers
        given = dict(zip(wanted.layers, load_encoder(wanted).encode(spectrogram), strict=True))
        rows = np.concatenate([given[depth] for depth in self.layers], axis=1)
        starts = np.arange(0, len(rows), step)
        counts = np.diff(starts, append=len(rows)).astype(np.float32)
        return (np.add.reduceat(rows, starts) / counts[:, None]).astype(np.float16)


def layers_of(text: str) -> tuple[int, ...]:
    """Parses a list of layers.

    Raises:
        ValueError: if the list is invalid

    >>> layers_of("2+3")
    (2, 3)
    """
    if not _LAYERS.fullmatch(text):
        raise ValueError(f"layers must be one to four numbers, like 2+3, not {text!r}")
    return tuple(int(part) for part in text.split("+"))


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
