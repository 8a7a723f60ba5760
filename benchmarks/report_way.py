"""The report's method on a film: moviepy to WAV, librosa for features, Keras cue by cue.

Run as a separate program, so that its start-up counts: FILM SUBTITLES.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import librosa
import numpy as np
import pysrt
from moviepy import AudioFileClip

from subemo.research.training.architectures import ARCHITECTURES, FINAL


def features(samples: np.ndarray, rate: int) -> np.ndarray:
    """The five separate calls of the notebook on which the report is based."""
    parts = (
        librosa.feature.zero_crossing_rate(y=samples),
        librosa.feature.chroma_stft(S=np.abs(librosa.stft(samples)), sr=rate),
        librosa.feature.mfcc(y=samples, sr=rate),
        librosa.feature.rms(y=samples),
        librosa.feature.melspectrogram(y=samples, sr=rate),
    )
    return np.concatenate([part.T.mean(axis=0) for part in parts])[:161]


def main(film: str, subtitles: str) -> None:
    """Classifies every cue and discards the results: only the time counts."""
    model = ARCHITECTURES[FINAL].build()
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "sound.wav"
        with AudioFileClip(film) as clip:
            clip.write_audiofile(str(wav), logger=None)
        samples, rate = librosa.load(wav)
    for cue in pysrt.open(subtitles):
        stretch = samples[int(cue.start.ordinal * rate / 1000) : int(cue.end.ordinal * rate / 1000)]
        row = features(stretch, int(rate))
        model.predict(row[None, :, None], verbose=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
