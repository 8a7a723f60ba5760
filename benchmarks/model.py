"""The cost of a model: CPU seconds per second of sound, on one thread.

    python -m benchmarks.model

The sound is that of the sample trailer, cut into segments as long as cues.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from subemo.core.native import one_blas_thread
from subemo.media import stream_audio
from subemo.model.bundle import shipped_models
from subemo.model.classifier import Classifier

TRAILER = Path(__file__).parents[1] / "samples" / "trailer.mp4"
SECONDS = 3
REPEATS = 10


def main() -> None:
    """Prints a line for each model."""
    for name in shipped_models():
        classifier = Classifier.from_bundle(name)
        rate = classifier.features.sample_rate
        sound = np.concatenate(list(stream_audio(TRAILER, sample_rate=rate)))
        cues = [sound[i : i + SECONDS * rate] for i in range(0, sound.size, SECONDS * rate)]
        with one_blas_thread():
            classifier.extract(cues[0])  # loads lazily loaded parts
            started = time.process_time()
            for _ in range(REPEATS):
                vectors = [v for cue in cues if (v := classifier.extract(cue)) is not None]
            extracted = time.process_time()
            for _ in range(REPEATS):
                statistics = classifier.statistics(vectors)
                for vector in vectors:
                    classifier.classify(vector, statistics)
            done = time.process_time()
        seconds = REPEATS * sound.size / rate
        features, network = (extracted - started) / seconds, (done - extracted) / seconds
        print(
            f"{name:<12} {features + network:.4f} CPU seconds per second of sound "
            f"({features:.4f} features, {network:.4f} statistics and network)"
        )


if __name__ == "__main__":
    main()
