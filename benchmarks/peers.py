"""The cost of peers on the same sound: half an hour of the benchmark's film.

    python -m benchmarks.peers [FOLDER]

openSMILE (whose licence excludes its use in subemo) and a network of wav2vec2-base's
size are measured if opensmile or torch is installed, which subemo never does;
each peer runs as a separate program: NAME FILM SUBTITLES.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from subemo.align import cut
from subemo.align.segments import spans
from subemo.captions import read_document
from subemo.media import stream_audio

from .film import cut_film, paths
from .measuring import annotate, measure, report

RATE = 16_000
MINUTES = 30


def cues(film: str, subtitles: str) -> Iterator[np.ndarray]:
    """The sound of each cue."""
    blocks = stream_audio(Path(film), sample_rate=RATE)
    for segment in cut(
        blocks, spans(cue.voice_ms for cue in read_document(Path(subtitles)).cues), sample_rate=RATE
    ):
        yield segment.samples


def transcribe(film: str, subtitles: str) -> None:
    """faster-whisper itself, with the weights bundled with subemo."""
    from faster_whisper import WhisperModel

    from subemo.features.encoder import packaged

    del subtitles
    sound = np.concatenate(list(stream_audio(Path(film), sample_rate=RATE)))
    model = WhisperModel(str(packaged()), compute_type="int8")
    segments, _ = model.transcribe(sound, vad_filter=True)
    for _ in segments:
        pass


def opensmile(film: str, subtitles: str) -> None:
    """The 88 functionals of eGeMAPS, cue by cue."""
    import opensmile as smile

    extractor = smile.Smile(
        feature_set=smile.FeatureSet.eGeMAPSv02, feature_level=smile.FeatureLevel.Functionals
    )
    for samples in cues(film, subtitles):
        extractor.process_signal(samples, RATE)


def wav2vec2(film: str, subtitles: str) -> None:
    """Seven convolutions and twelve transformer layers of wav2vec2-base's width, with random weights.

    Only for its cost: 95 million parameters, one frame every 20 ms.
    """
    import torch
    from torch import nn

    shapes = [(10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2)]
    layers: list[nn.Module] = []
    for number, (kernel, stride) in enumerate(shapes):
        layers += [nn.Conv1d(512 if number else 1, 512, kernel, stride, bias=False), nn.GELU()]
    front = nn.Sequential(*layers)
    project = nn.Linear(512, 768)
    layer = nn.TransformerEncoderLayer(768, 12, 3_072, activation="gelu", batch_first=True)
    body = nn.TransformerEncoder(layer, 12)
    with torch.inference_mode():
        for samples in cues(film, subtitles):
            if samples.size > 1_000:
                body(project(front(torch.from_numpy(samples.copy())[None, None]).transpose(1, 2)))


#: Each peer, and the package that it needs.
PEERS: dict[str, tuple[str, Callable[[str, str], None]]] = {
    "faster-whisper, transcribing": ("faster_whisper", transcribe),
    "openSMILE, eGeMAPS of each cue": ("opensmile", opensmile),
    "a network of wav2vec2-base's size": ("torch", wav2vec2),
}


def main(folder: Path) -> None:
    """Measures all installed peers."""
    subprocess.run([sys.executable, "-m", "benchmarks.film", str(folder)], check=True)
    film, subtitles = cut_film(*paths(folder), minutes=MINUTES)
    out = folder / "out.srt"
    ours = annotate(film, subtitles, out, times=3)
    report(f"subemo-crnn, {MINUTES} minutes", ours)
    report("report-crnn", annotate(film, subtitles, out, model="report-crnn", times=3), ours)
    for name, (package, _) in PEERS.items():
        if importlib.util.find_spec(package) is None:
            print(f"{name:<44} not installed")
            continue
        peer = measure(sys.executable, "-m", "benchmarks.peers", name, film, subtitles)
        report(name, peer, ours)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        PEERS[sys.argv[1]][1](*sys.argv[2:])
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/bench"))
