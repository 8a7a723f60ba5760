"""Frames of Whisper's encoder after some of its layers, averaged to a slower pace."""

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
from .encoder import PACKAGED_SHA256, available_threads, load_encoder, weights_sha256
from .trim import TOP_DB

#: Names the folder of an encoder that is not the packaged one.
ENCODER_VARIABLE = "SUBEMO_ENCODER"

#: The encoder gives a row every 20 ms.
_ROW_MS = 20

#: Numbers in each of its rows, of the packaged encoder.
_PACKAGED_WIDTH = 384

#: Depths as a bundle writes them; more than four would only cost time.
_LAYERS = re.compile(r"[1-9]\d?(?:\+[1-9]\d?){0,3}")


@dataclass(frozen=True)
class WhisperFrames:
    """What a Whisper encoder hears, a frame every `frame_ms`.

    Attributes:
        layers: after how many of the encoder's layers it is listened to; of
            several depths, a frame holds one behind the other
        frame_ms: how much sound a frame is the mean of, a multiple of 20
        compute_type: the precision of the encoder; there is one
        folder: an encoder on disk; None for the packaged one
        sha256: of its weights
        size: numbers in a frame
    """

    layers: tuple[int, ...] = (2, 3)
    frame_ms: int = 120
    compute_type: str = "float32"
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
        """See `FeatureSet.threads`; the encoder computes outside Python."""
        return available_threads()

    @classmethod
    def of_encoder(
        cls, folder: Path | None, *, layers: tuple[int, ...] | None = None
    ) -> WhisperFrames:
        """The frames of a Whisper encoder on disk.

        Args:
            folder: a Whisper model in CTranslate2's form; None for the packaged one
            layers: the depths at which it is listened to; None for the usual ones

        Raises:
            BundleError: if it is none, or takes another spectrogram
        """
        layers = layers or cls.layers
        sha256 = PACKAGED_SHA256 if folder is None else weights_sha256(folder)
        found = cls(layers=layers, folder=folder, sha256=sha256)
        try:
            frames = found.extract(np.zeros(found.sample_rate, dtype=np.float32))
        except (ValueError, RuntimeError) as error:
            raise BundleError(
                f"this encoder does not take {mel.N_MELS} mel bands ({error})", path=folder
            ) from error
        return replace(found, size=frames.shape[1])

    def configured(self, parameters: Mapping[str, float | str]) -> WhisperFrames:
        """The frames that a bundle was made for.

        Of another encoder than the packaged one, the folder is looked up in the
        environment variable `ENCODER_VARIABLE`.
        """
        sha256 = str(parameters["encoder_sha256"])
        elsewhere = os.environ.get(ENCODER_VARIABLE)
        if sha256 != PACKAGED_SHA256 and not elsewhere:
            raise BundleError(
                "this model was made for another Whisper than the one that comes with subemo",
                remedy=f"Set {ENCODER_VARIABLE} to its folder (SHA-256 {sha256}).",
            )
        if str(parameters["compute_type"]) != self.compute_type:
            raise ValueError(f"an encoder that computes in {parameters['compute_type']}")
        layers, size = layers_of(str(parameters["layers"])), int(parameters["size"])
        if sha256 == PACKAGED_SHA256 and size != _PACKAGED_WIDTH * len(layers):
            raise ValueError(f"{size} numbers in a frame of {len(layers)} layers")
        frame_ms = int(parameters["frame_ms"])
        if frame_ms % _ROW_MS or not _ROW_MS <= frame_ms <= MAX_WINDOW_MS:
            raise ValueError(f"frames of {frame_ms} ms")
        return replace(
            self,
            layers=layers,
            frame_ms=frame_ms,
            folder=None if sha256 == PACKAGED_SHA256 else Path(str(elsewhere)),
            sha256=sha256,
            size=size,
        )

    def parameters(self) -> dict[str, float | str]:
        """See `FeatureSet.parameters`."""
        return {
            "layers": "+".join(map(str, self.layers)),
            "frame_ms": self.frame_ms,
            "compute_type": self.compute_type,
            "encoder_sha256": self.sha256,
            "size": self.size,
            "trim_top_db": TOP_DB,
            "max_window_ms": MAX_WINDOW_MS,
        }

    def extract(self, samples: Samples) -> Vector:
        """The frames of one trimmed stretch of sound.

        Args:
            samples: mono, at `sample_rate`, shape (samples,), at most 30 s

        Returns:
            shape (frames, size), in half precision: a film's frames are kept
            until all of them are computed
        """
        spectrogram = mel.log_mel(samples)
        step = self.frame_ms // _ROW_MS
        layers = tuple(sorted(set(self.layers)))
        encoder = load_encoder(self.folder, layers=layers, sha256=self.sha256)
        given = dict(zip(layers, encoder.encode(spectrogram), strict=True))
        rows = np.concatenate([given[depth] for depth in self.layers], axis=1)
        starts = np.arange(0, len(rows), step)
        counts = np.diff(starts, append=len(rows)).astype(np.float32)
        return (np.add.reduceat(rows, starts) / counts[:, None]).astype(np.float16)


def layers_of(text: str) -> tuple[int, ...]:
    """Depths as they are written.

    Raises:
        ValueError: if they are none

    >>> layers_of("2+3")
    (2, 3)
    """
    if not _LAYERS.fullmatch(text):
        raise ValueError(f"layers are one to four numbers, like 2+3, and not {text!r}")
    return tuple(int(part) for part in text.split("+"))


FEATURES = WhisperFrames()
