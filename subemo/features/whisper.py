"""Frames from layers of Whisper's encoder, averaged to a longer hop length."""

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
    PACKAGED_SHA256,
    SHIPPED_COMPUTE_TYPE,
    available_threads,
    load_encoder,
    weights_sha256,
)
from .encoder_graph import ComputeType
from .trim import TOP_DB

#: The environment variable with the folder of another encoder.
ENCODER_VARIABLE = "SUBEMO_ENCODER"

#: The encoder outputs one row every 20 ms.
_ROW_MS = 20

#: The width of a row of the packaged encoder.
_PACKAGED_WIDTH = 384

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
        folder: an encoder on disk; None for the packaged one
        sha256: SHA-256 of its weights
        size: values per frame
    """

    layers: tuple[int, ...] = (2, 3)
    frame_ms: int = 120
    compute_type: ComputeType = SHIPPED_COMPUTE_TYPE
    folder: Path | None = None
    sha256: str = PACKAGED_SHA256
    size: int = 768
    name: str = "whisper-frames"
    sample_rate: int = mel.SAMPLE_RATE

    @property
    def shape(self) -> tuple[int, ...]:
        """See `FeatureSet.shape`."""
        return (3, self.size)

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
        layers = layers or cls.layers
        sha256 = PACKAGED_SHA256 if folder is None else weights_sha256(folder)
        found = cls(
            layers=layers,
            folder=folder,
            sha256=sha256,
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

        If that is not the packaged encoder, its folder is read from the
        environment variable `ENCODER_VARIABLE`.
        """
        sha256 = str(parameters["encoder_sha256"])
        elsewhere = os.environ.get(ENCODER_VARIABLE)
        if sha256 != PACKAGED_SHA256 and not elsewhere:
            raise BundleError(
                "this model needs another Whisper encoder than the bundled one",
                remedy=f"Set {ENCODER_VARIABLE} to its folder (SHA-256 {sha256}).",
            )
        compute_type = ComputeType(str(parameters["compute_type"]))
        layers, size = layers_of(str(parameters["layers"])), int(parameters["size"])
        if sha256 == PACKAGED_SHA256 and size != _PACKAGED_WIDTH * len(layers):
            raise ValueError(f"{size} values per frame for {len(layers)} layers")
        frame_ms = int(parameters["frame_ms"])
        if frame_ms % _ROW_MS or not _ROW_MS <= frame_ms <= MAX_WINDOW_MS:
            raise ValueError(f"unsupported frame length: {frame_ms} ms")
        return replace(
            self,
            layers=layers,
            frame_ms=frame_ms,
            compute_type=compute_type,
            folder=None if sha256 == PACKAGED_SHA256 else Path(str(elsewhere)),
            sha256=sha256,
            size=size,
        )

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

    def extract(self, samples: Samples) -> Vector:
        """The frames of a trimmed segment of sound.

        Args:
            samples: mono, at `sample_rate`, shape (samples,), at most 30 s

        Returns:
            shape (frames, size), in half precision to save memory, since all frames
            of a film are held until the last is computed
        """
        spectrogram = mel.log_mel(samples)
        step = self.frame_ms // _ROW_MS
        layers = tuple(sorted(set(self.layers)))
        encoder = load_encoder(
            self.folder, layers=layers, sha256=self.sha256, compute_type=self.compute_type
        )
        given = dict(zip(layers, encoder.encode(spectrogram), strict=True))
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


FEATURES = WhisperFrames()
