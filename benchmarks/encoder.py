"""The time of the default model's encoder on a film's cues, with the sound decoded beforehand.

Run as a separate program: FILM SUBTITLES. Writes the seconds to
``encoder.txt`` beside the film.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from subemo.align import cut
from subemo.align.spans import spans
from subemo.analysis.answers import one_blas_thread
from subemo.features import JoinedFrames, WhisperFrames
from subemo.features.encoder import load_encoder
from subemo.features.mel import log_mel
from subemo.features.trim import MIN_SOUND_MS, trim_silence
from subemo.formats import read_document
from subemo.media import stream_audio
from subemo.model import DEFAULT_MODEL
from subemo.model.classifier import Classifier


def main(film: Path, subtitles: Path) -> None:
    """Encodes every cue and discards the results: only the encoder's time counts."""
    features = Classifier.from_bundle(DEFAULT_MODEL).features
    parts = features.parts if isinstance(features, JoinedFrames) else (features,)
    encoders = [
        load_encoder(part.encoder_layers) for part in parts if isinstance(part, WhisperFrames)
    ]
    rate = features.sample_rate
    stretches = spans(cue.voice_ms for cue in read_document(subtitles).cues)
    encoding = speech = 0.0
    with one_blas_thread():
        blocks = stream_audio(film, sample_rate=rate)
        for segment in cut(blocks, stretches, sample_rate=rate):
            samples = trim_silence(segment.samples)
            if samples.size * 1000 < MIN_SOUND_MS * rate:
                continue
            mel = log_mel(samples)
            started = time.perf_counter()
            for encoder in encoders:
                encoder.encode(mel)
            encoding += time.perf_counter() - started
            speech += samples.size / rate
    (film.parent / "encoder.txt").write_text(f"{encoding:.3f}")
    print(f"{encoding:.1f} s for {speech:.0f} s of speech")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
