"""The time of each step of `subemo annotate` on the benchmark's film, in sequence.

    python -m benchmarks.steps [FOLDER]

The steps run in one process and thread, so that their times add up; the command
runs several of them in parallel.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from subemo.align import cut
from subemo.align.segments import spans
from subemo.api import annotate
from subemo.captions import read_document
from subemo.core.native import one_blas_thread
from subemo.features.windows import trim_silence
from subemo.media import stream_audio
from subemo.model.classifier import Classifier

from .film import paths
from .measuring import decoding


def main(folder: Path) -> None:
    """Prints a line for each step of each model."""
    subprocess.run([sys.executable, "-m", "benchmarks.film", str(folder)], check=True)
    film, subtitles = paths(folder)
    floor = decoding(film, times=3)
    print(
        f"ffmpeg decodes in {floor.seconds:.2f} s, {floor.cpu_seconds:.2f} of them of a processor"
    )
    for model in ("report-crnn", "subemo-crnn"):
        _steps(film, subtitles, model)


def _steps(film: Path, subtitles: Path, model: str) -> None:
    print(f"{model}:")
    with one_blas_thread():
        with _timed("load the model"):
            classifier = Classifier.from_bundle(model)
        with _timed("read the subtitles"):
            stretches = spans(cue.voice_ms for cue in read_document(subtitles).cues)
        rate = classifier.features.sample_rate
        with _timed("decode and resample, as a stream"):
            for _ in stream_audio(film, sample_rate=rate):
                pass
        with _timed("decode, resample, cut"):
            segments = list(cut(stream_audio(film, sample_rate=rate), stretches, sample_rate=rate))
        with _timed("trim silent ends"):
            sounds = [trim_silence(segment.samples) for segment in segments]
        seconds = sum(sound.size for sound in sounds) / rate
        # The encoder, for example, is loaded on first use.
        with _timed("first features"):
            classifier.extract(segments[0].samples)
        with _timed(f"features of {seconds:,.0f} s of sound, trimming again"):
            vectors = [classifier.extract(segment.samples) for segment in segments]
        heard = [vector for vector in vectors if vector is not None]
        with _timed("statistics"):
            statistics = classifier.statistics(heard)
        with _timed(f"the network, {len(heard):,} times"):
            for vector in heard:
                classifier.classify(vector, statistics)
        del segments, sounds
    with _timed("all of it: subemo.annotate"):
        annotation = annotate(film, subtitles, model=model)
    with _timed("write SRT"):
        annotation.render()


@contextmanager
def _timed(name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"  {name:<52} {time.perf_counter() - started:7.2f} s", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/bench"))
