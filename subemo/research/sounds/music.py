"""Trains the detector of music: windows of frames to music alone, noise alone, and voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...features.base import FeatureSet
from ...media.audio import Samples
from ...sounds.detection import pool
from ...sounds.weights import MUSIC, MUSIC_CLASSES, NOISE, VOICE, LinearLayer
from ..corpora import Clip
from ..corpora.backgrounds import Backgrounds
from ..datasets.distortions import low_pass, mix, piece, reverberate
from ..datasets.features import saved_arrays
from .sources import FOLDS, Sources
from .stretches import LEVEL_DB, SAMPLE_RATE, SPEECH, levelled, seeded, spoken
from .table import LinearRecipe, Mask, StretchTable, fit_linear

#: The version of files and composition; files of other versions are rebuilt.
_VERSION = 1
#: Segments of each class in a fold, and their length.
SEGMENTS, SECONDS = 120, 6
#: How much louder speech is than the music behind it, in dB, and the levels of backgrounds alone
#: relative to speech.
_SPEECH_SNR_DB, _ALONE_DB = (-3.0, 20.0), (-18.0, 5.0)


@dataclass(frozen=True, eq=False)
class MusicTable:
    """Windows of music alone, noise alone, and speech over both.

    Attributes:
        windows: see `pool`, in half precision, shape (windows, 2 * size)
        labels: position of each window in `MUSIC_CLASSES`
        folds: fold of each window
    """

    windows: npt.NDArray[np.float16]
    labels: npt.NDArray[np.int8]
    folds: npt.NDArray[np.int64]


def build_music_table(sources: Sources, features: FeatureSet, work: Path) -> MusicTable:
    """Composes segments of each fold's tracks, noises and speakers; cached in *work*."""
    make = partial(_rows, sources, features)
    parameters = sorted(features.parameters().items())
    identity = (features.name, parameters, (_VERSION, SEGMENTS))
    return MusicTable(**saved_arrays(work, "music", identity, make))


def _rows(sources: Sources, features: FeatureSet) -> dict[str, npt.NDArray[Any]]:
    frame_ms = int(features.parameters()["frame_ms"])
    windows, labels, folds = [], [], []
    for fold in range(FOLDS):
        for label, samples in _segments(sources, fold):
            rows = pool(features.extract(samples), frame_ms).astype(np.float16)
            windows.append(rows)
            labels.append(np.full(len(rows), label, np.int8))
            folds.append(np.full(len(rows), fold))
    return {
        "windows": np.concatenate(windows),
        "labels": np.concatenate(labels),
        "folds": np.concatenate(folds),
    }


def fit_music_folds(table: MusicTable, voices: StretchTable) -> list[LinearLayer]:
    """Fits one model per fold, without that fold's tracks, noises and speakers."""
    return [
        fit_music(table, voices, table.folds != fold, voices.window_folds != fold)
        for fold in range(FOLDS)
    ]


def fit_music(
    table: MusicTable, voices: StretchTable, among: Mask, among_voices: Mask
) -> LinearLayer:
    """Fits a model to some of the windows.

    Args:
        table: music, noise, and speech over music
        voices: windows of speech and vocal sounds, which count as voices
        among: the windows of *table* to use
        among_voices: those of *voices*; windows of backgrounds and unlabelled ones are left out
    """
    voiced = among_voices & (voices.labels >= 0) & (voices.labels <= SPEECH)
    chosen = np.flatnonzero(voiced)[::2]
    rows = np.concatenate([table.windows[among], voices.windows[chosen]])
    said = np.full(len(chosen), MUSIC_CLASSES.index(VOICE), np.int8)
    labels = np.concatenate([table.labels[among], said])
    return fit_linear(rows, labels, LinearRecipe())


def _segments(sources: Sources, fold: int) -> Iterator[tuple[int, Samples]]:
    own = sources.of_fold(fold)
    makers: dict[str, Callable[[np.random.Generator], Samples]] = {
        MUSIC: partial(_alone, own.backgrounds.music),
        NOISE: partial(_alone, own.backgrounds.noise),
        VOICE: partial(_spoken, own.speech, own.backgrounds),
    }
    for name, make in makers.items():
        for number in range(SEGMENTS):
            generator = seeded("music", name, fold, number)
            samples = _distorted(make(generator), generator)
            yield MUSIC_CLASSES.index(name), samples


def _alone(files: Sequence[Path], generator: np.random.Generator) -> Samples:
    found = piece(files, SECONDS * SAMPLE_RATE, SAMPLE_RATE, generator)
    return levelled(found, LEVEL_DB + generator.uniform(*_ALONE_DB))


def _spoken(speech: Sequence[Clip], behind: Backgrounds, generator: np.random.Generator) -> Samples:
    """Speech without long pauses, three times in four over music, else over noise."""
    parts: list[Samples] = []
    while sum(part.size for part in parts) < SECONDS * SAMPLE_RATE:
        parts.append(spoken(speech, generator))
    samples = np.concatenate(parts)[: SECONDS * SAMPLE_RATE]
    files = behind.music if generator.random() < 0.75 else behind.noise
    under = piece(files, samples.size, SAMPLE_RATE, generator)
    return np.asarray(mix(samples, under, snr_db=generator.uniform(*_SPEECH_SNR_DB)), np.float32)


def _distorted(samples: Samples, generator: np.random.Generator) -> Samples:
    if generator.random() < 0.2:
        samples = reverberate(samples, SAMPLE_RATE, generator)
    if generator.random() < 0.2:
        samples = low_pass(samples, SAMPLE_RATE, generator.uniform(3_000, 7_000))
    return np.clip(samples, -1, 1).astype(np.float32)
