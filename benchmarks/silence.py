"""Segmentation at silences: subemo compared with pydub, on the same sound.

python -m benchmarks.silence
"""

from __future__ import annotations

import time

import numpy as np

from subemo.align.silence import detect_silence, detect_sound, measure
from subemo.research.films.mixing import pydub_segment

RATE = 22_050
SECONDS = 60
REPEATS = 50


def main() -> None:
    """Measures both on a minute of bursts and pauses."""
    audio_segment = pydub_segment()
    import pydub.silence

    generator = np.random.default_rng(0)
    bursts = np.repeat(generator.random(SECONDS) < 0.6, RATE)
    samples = (generator.uniform(-0.3, 0.3, bursts.size) * bursts).astype(np.float32)
    integers = (samples * 32767).astype("<i2")
    segment = audio_segment(data=integers.tobytes(), sample_width=2, frame_rate=RATE, channels=1)

    started = time.perf_counter()
    theirs = pydub.silence.detect_nonsilent(segment, min_silence_len=500, silence_thresh=-40)
    middle = time.perf_counter()
    for _ in range(REPEATS):
        levels = measure([samples], sample_rate=RATE)
        ours = detect_sound(levels, detect_silence(levels, threshold_dbfs=-40, min_silence_ms=500))
    own = (time.perf_counter() - middle) / REPEATS

    edges = np.abs(np.array(theirs) - np.array(ours)).max()
    their = middle - started
    print(f"pydub: {their:.2f} s for a minute of sound, {len(theirs)} stretches")
    print(f"subemo: {own:.4f} s, the same stretches within {edges} ms")
    print(f"pydub takes {their / own:.0f} × as long; a film of two hours {2 * their:.1f} min")


if __name__ == "__main__":
    main()
