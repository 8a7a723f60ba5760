"""Linear probes of each layer of the encoder, and of hand-crafted features.

    python -m benchmarks.probe DATA [WORK]

DATA is the folder of the corpora. Each original clip becomes the mean and standard
deviation over time of its features, standardised by corpus, without labels, like a
film's cues; logistic regression (scikit-learn) is trained on the protocols for
choosing. The hand-crafted features are the report's 161. WORK is the folder of cached
results, by default ``runs/default``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from subemo.analysis.answers import one_blas_thread
from subemo.core.cache import Cache
from subemo.core.emotions import EMOTIONS
from subemo.features import ReportFeatures, WhisperFrames, stft
from subemo.features.encoder import available_threads
from subemo.research.corpora import Clip
from subemo.research.datasets.clips import clip_sound
from subemo.research.evaluation import metrics
from subemo.research.evaluation.figures import bootstrap
from subemo.research.evaluation.scoring import score
from subemo.research.training.protocols import PROTOCOLS, folds_of
from subemo.research.training.training_data import read_data

Rows = npt.NDArray[np.float32]

#: The probed subsets of a clip's vector.
SUBSETS = (
    ("1",), ("2",), ("3",), ("4",), ("2", "3"), ("1", "2", "3"),
    ("hand-made",), ("2", "hand-made"), ("2", "3", "hand-made"),
)  # fmt: skip
LAYERS = (1, 2, 3, 4)
#: scikit-learn's C; smaller is simpler.
INVERSE_PENALTY = 0.003


def main(data: Path, work: Path) -> None:
    """Prints a row for each of `SUBSETS`."""
    clips = read_data(data).clips
    parts = _parts(clips, Cache(work / "features"))
    chosen = [name for name, protocol in PROTOCOLS.items() if not protocol.reported]
    print(f"| features | numbers | {' | '.join(chosen)} |")
    for subset in SUBSETS:
        rows = np.concatenate([parts[name] for name in subset], axis=1)
        cells = [_cell(name, clips, rows) for name in chosen]
        print(f"| {' + '.join(subset)} | {rows.shape[1]} | {' | '.join(cells)} |", flush=True)


def _parts(clips: Sequence[Clip], cache: Cache) -> dict[str, Rows]:
    """Each part of all clips' vectors, standardised by corpus, shape (clips, numbers)."""
    with ThreadPoolExecutor(available_threads()) as pool, one_blas_thread():
        every = list(pool.map(lambda clip: _vectors(clip, cache), clips))
    corpora = np.array([clip.corpus for clip in clips])
    found = {}
    for name, of_part in zip(
        [*map(str, LAYERS), "hand-made"], zip(*every, strict=True), strict=True
    ):
        rows = np.stack(of_part).astype(np.float32)
        for corpus in np.unique(corpora):
            own = rows[corpora == corpus]
            rows[corpora == corpus] = (own - own.mean(axis=0)) / np.maximum(own.std(axis=0), 1e-6)
        found[name] = rows
    return found


def _vectors(clip: Clip, cache: Cache) -> list[npt.NDArray[np.float32]]:
    """Mean and deviation over time of each part."""
    key = Cache.key(clip.path.read_bytes(), "probe", clip.key, LAYERS)
    found = cache.get(key)
    if found is None:
        found = np.concatenate([_summary(frames) for frames in _variants(clip)])
        cache.put(key, found)
    return np.split(
        found.astype(np.float32), [2 * 384 * number for number in range(1, len(LAYERS) + 1)]
    )


def _variants(clip: Clip) -> Iterator[Rows]:
    whisper = WhisperFrames(layers=LAYERS, size=384 * len(LAYERS))
    frames = whisper.extract(clip_sound(clip, sample_rate=whisper.sample_rate))
    yield from np.split(frames.astype(np.float32), len(LAYERS), axis=1)
    rate = ReportFeatures().sample_rate
    signal = clip_sound(clip, sample_rate=rate).astype(np.float64)
    magnitudes = stft.magnitude_stft(signal)
    mel = stft.mel_spectrogram(magnitudes, rate)
    by_frame = (
        stft.zero_crossing_rate(signal)[:, None], stft.chroma(magnitudes, rate), stft.mfcc(mel),
        stft.rms(signal)[:, None], mel,
    )  # fmt: skip
    yield np.concatenate(by_frame, axis=1)[:, : ReportFeatures().size].astype(np.float32)


def _summary(frames: Rows) -> Rows:
    return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])


def _cell(protocol: str, clips: Sequence[Clip], rows: Rows) -> str:
    """UAR over all folds, with the interval by speaker."""
    labels = np.array([EMOTIONS.index(clip.emotion) for clip in clips])
    tested, answers = [], []
    for fold in folds_of(protocol, clips):
        model = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=300)
        model.fit(rows[fold.train], labels[fold.train])
        probabilities = np.zeros((len(fold.test), len(EMOTIONS)))
        probabilities[:, model.classes_] = model.predict_proba(rows[fold.test])
        tested += [clips[position] for position in fold.test]
        answers.append(probabilities)
    scored = score(
        [clip.emotion for clip in tested],
        np.concatenate(answers),
        groups=[clip.speaker or clip.key for clip in tested],
        grouped_by="speaker",
    )
    low, high = bootstrap(lambda drawn: metrics.uar(scored, drawn), scored.groups)
    value = metrics.uar(scored, np.arange(scored.labels.size))
    return f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "runs/default"))
