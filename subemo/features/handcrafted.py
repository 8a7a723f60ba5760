"""The feature set of the 2024 report (Davies and Chen; Appendix 9), averaged over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..align.segments import MAX_WINDOW_MS
from ..media.audio import Samples
from . import stft
from .base import Vector
from .windows import TOP_DB

#: Appendix 9's columns: name and width, in order.
COLUMNS = (("zcr", 1), ("chroma", 12), ("mfcc", 20), ("rms", 1), ("mel", 128))

#: All of them together: 162.
ROW_SIZE = sum(width for _, width in COLUMNS)


@dataclass(frozen=True)
class ReportFeatures:
    """Zero crossing rate, chroma, MFCC, RMS and mel spectrogram of a segment.

    Appendix 9 shows columns 0 to 161, which are 162, while the network of
    Appendix 11 takes 161; the report does not say which column was dropped. We
    drop the last one, the highest mel band, from the network's input only.
    """

    name: str = "report-161"
    sample_rate: int = 22_050
    size: int = 161
    threads: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """See `FeatureSet.shape`."""
        return (self.size,)

    def configured(self, parameters: Mapping[str, float | str]) -> ReportFeatures:
        """See `FeatureSet.configured`; this one has no options."""
        del parameters
        return self

    def parameters(self) -> dict[str, float | str]:
        """See `FeatureSet.parameters`."""
        return {
            "n_fft": stft.N_FFT,
            "hop_length": stft.HOP_LENGTH,
            "trim_top_db": TOP_DB,
            "max_window_ms": MAX_WINDOW_MS,
        }

    def table_row(self, samples: Samples) -> Vector:
        """All 162 values of Appendix 9, shape (162,)."""
        signal = samples.astype(np.float64)
        magnitudes = stft.magnitude_stft(signal)
        mel = stft.mel_spectrogram(magnitudes, self.sample_rate)
        parts = (
            stft.zero_crossing_rate(signal)[:, None],
            stft.chroma(magnitudes, self.sample_rate),
            stft.mfcc(mel),
            stft.rms(signal)[:, None],
            mel,
        )
        return np.concatenate([part.mean(axis=0) for part in parts]).astype(np.float32)

    def extract(self, samples: Samples) -> Vector:
        """The network's 161 inputs for a trimmed segment of sound.

        Args:
            samples: mono, at `sample_rate`, shape (samples,)

        Returns:
            shape (161,)
        """
        return self.table_row(samples)[: self.size]
