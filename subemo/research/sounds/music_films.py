"""Films with music in the gaps between their cues, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...align.segments import cut
from ...align.silence import measure
from ...analysis.gaps import loud_spans, window_rows
from ...analysis.music import SHORTEST_MUSIC_MS, music_stretches
from ...core.sounds import SceneSound
from ...media.audio import Samples
from ...model.classifier import Classifier
from ...sounds.weights import SoundDetector
from ...tagging.sounds import ShownStretch, SoundCue, sound_cues
from ...tagging.vocabulary import vocabulary_of
from ..corpora import Clip
from ..corpora.backgrounds import Backgrounds
from ..datasets.distortions import mix, piece
from .figures import wilson
from .sources import FOLDS, Sources, fold_of
from .stretches import LEVEL_DB, SAMPLE_RATE, levelled, of_fold, seeded, sound_of

#: Gaps of a film, and their length and pause around what is in them, in milliseconds.
_GAPS, _GAP_MS, _PAUSE_MS, _CUE_MS = 12, (6_000, 14_000), 300, 4_000
#: The level of music and noise alone relative to speech, and of speech over music, in dB.
_ALONE_DB, _SNR_DB = (-12.0, 3.0), (0.0, 15.0)
#: Films of each fold for choosing, and of the held-out tracks for reporting.
FILMS_OF_FOLD, FILMS_REPORTED = 3, 12
#: A cue may begin this long before the music, or behind its start.
_NEAR_MS, _LATE_MS = 500, 3_000


class Gap(StrEnum):
    """What is in a gap."""

    MUSIC = "music"
    NOISE = "noise"
    SPEECH_OVER_MUSIC = "speech over music"
    SPEECH = "speech"


@dataclass(frozen=True)
class MusicFilm:
    """A film in memory.

    Attributes:
        fold: of its tracks and speakers, or -1 for held-out ones
        samples: mono at `SAMPLE_RATE`
        cues: when each is shown, in milliseconds
        gaps: what is in each gap, and when
    """

    fold: int
    samples: Samples
    cues: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[Gap, int, int], ...]


def choosing_films(sources: Sources) -> Iterator[MusicFilm]:
    """Films of every fold's tracks, noises and speakers."""
    for fold in range(FOLDS):
        speech = [clip for clip in sources.speech if fold_of(str(clip.speaker)) == fold]
        for number in range(FILMS_OF_FOLD):
            yield _film(fold, number, speech, of_fold(sources.backgrounds, fold))


def reported_films(sources: Sources) -> Iterator[MusicFilm]:
    """Films of tracks, noises and corpora that no training uses."""
    for number in range(FILMS_REPORTED):
        yield _film(-1, number, sources.unheard, sources.held_backgrounds)


def _film(fold: int, number: int, speech: Sequence[Clip], behind: Backgrounds) -> MusicFilm:
    generator = seeded("music film", fold, number)
    parts: list[Samples] = []
    cues, gaps = [], []
    now = 0

    def lay(samples: Samples) -> tuple[int, int]:
        nonlocal now
        whole = samples[: samples.size // (SAMPLE_RATE // 1000) * (SAMPLE_RATE // 1000)]
        parts.append(whole)
        start, now = now, now + whole.size * 1000 // SAMPLE_RATE
        return start, now

    kinds = [gap for _ in range(_GAPS // len(Gap)) for gap in generator.permutation(list(Gap))]
    for kind in kinds:
        cues.append(lay(_said(speech, _CUE_MS, generator)))
        lay(np.zeros(_PAUSE_MS * SAMPLE_RATE // 1000, np.float32))
        length = int(generator.uniform(*_GAP_MS))
        gaps.append((Gap(kind), *lay(_filled(Gap(kind), length, speech, behind, generator))))
        lay(np.zeros(_PAUSE_MS * SAMPLE_RATE // 1000, np.float32))
    samples = np.concatenate(parts)
    if number % 3 == 2:  # music or noise all through would make each gap music, or none
        quiet = piece(_one(behind.noise, generator), samples.size, SAMPLE_RATE, generator)
        samples = mix(samples, quiet, snr_db=generator.uniform(10, 25))
    return MusicFilm(fold, np.clip(samples, -1, 1).astype(np.float32), tuple(cues), tuple(gaps))


def _filled(
    kind: Gap,
    length_ms: int,
    speech: Sequence[Clip],
    behind: Backgrounds,
    generator: np.random.Generator,
) -> Samples:
    size = length_ms * SAMPLE_RATE // 1000
    if kind in (Gap.MUSIC, Gap.NOISE):
        files = behind.music if kind is Gap.MUSIC else behind.noise
        found = piece(_one(files, generator), size, SAMPLE_RATE, generator)
        return levelled(found, LEVEL_DB + generator.uniform(*_ALONE_DB))
    said = _said(speech, length_ms, generator, fill=True)
    if kind is Gap.SPEECH:
        return said
    under = piece(_one(behind.music, generator), said.size, SAMPLE_RATE, generator)
    return np.asarray(mix(said, under, snr_db=generator.uniform(*_SNR_DB)), np.float32)


def _said(
    speech: Sequence[Clip], most_ms: int, generator: np.random.Generator, *, fill: bool = False
) -> Samples:
    parts: list[Samples] = []
    size = most_ms * SAMPLE_RATE // 1000
    while not parts or (fill and sum(part.size for part in parts) < size):
        clip = speech[int(generator.integers(len(speech)))]
        parts.append(levelled(sound_of(clip.path), LEVEL_DB))
        parts.append(np.zeros(int(generator.uniform(0, 0.8) * SAMPLE_RATE), np.float32))
    return np.concatenate(parts)[:size]


def _one(files: Sequence[Path], generator: np.random.Generator) -> Path:
    return files[int(generator.integers(len(files)))]


@dataclass(frozen=True, eq=False)
class AnalysedMusicFilm:
    """A film and the windows of its gaps.

    Attributes:
        film: the film
        rows: see `subemo.analysis.gaps.window_rows`
    """

    film: MusicFilm
    rows: npt.NDArray[np.float64]

    def cues(self, threshold: float) -> tuple[SoundCue, ...]:
        """The cues of music that ``--sound-cues --sounds all`` shows."""
        heard = music_stretches(self.rows[:, :2], self.rows[:, -1], threshold)
        english = vocabulary_of("en")
        assert english is not None
        return sound_cues(
            heard, [ShownStretch(*pair) for pair in self.film.cues], {SceneSound.MUSIC: 0.0},
            preset="netflix", vocabulary=english, repeat_after_ms=10_000,
        )  # fmt: skip


def analysed(film: MusicFilm, model: Classifier, weights: SoundDetector) -> AnalysedMusicFilm:
    """Analyses a film's gaps with a model that was not trained on its tracks."""
    spans = loud_spans(measure([film.samples], sample_rate=SAMPLE_RATE), film.cues)
    segments = cut([film.samples], spans, sample_rate=SAMPLE_RATE)
    return AnalysedMusicFilm(film, window_rows(segments, model, weights))


@dataclass(frozen=True)
class MusicFigures:
    """What was counted.

    Attributes:
        found: stretches of music with a cue near their start, and all
        shown: cues over music, and all
        false: false cues by what is there
        minutes: of all films
    """

    found: tuple[int, int]
    shown: tuple[int, int]
    false: Mapping[Gap, int]
    minutes: float

    @property
    def false_in_ten_minutes(self) -> float:
        """Cues where there is no music alone, per ten minutes."""
        return (self.shown[1] - self.shown[0]) / self.minutes * 10

    def __str__(self) -> str:
        false = ", ".join(f"{kind.value} {count}" for kind, count in self.false.items())
        return (
            f"stretches of music found: {wilson(*self.found)}\n"
            f"right of the shown: {wilson(*self.shown)}\n"
            f"false: {false} in {self.minutes:.0f} min, {self.false_in_ten_minutes:.2f} in ten"
        )


def counted_music(films: Sequence[AnalysedMusicFilm], threshold: float) -> MusicFigures:
    """Counts right and false cues of music."""
    found = of = right = shown = 0
    false: dict[Gap, int] = {kind: 0 for kind in Gap if kind is not Gap.MUSIC}
    minutes = 0.0
    for one in films:
        cues = one.cues(threshold)
        minutes += one.film.samples.size / SAMPLE_RATE / 60
        shown += len(cues)
        for kind, start, end in one.film.gaps:
            inside = [cue for cue in cues if start - _NEAR_MS <= cue.start_ms < end]
            if kind is not Gap.MUSIC:
                false[kind] += len(inside)
                continue
            right += len(inside)
            if end - start >= SHORTEST_MUSIC_MS:
                of += 1
                found += any(cue.start_ms <= start + _LATE_MS for cue in inside)
    return MusicFigures((found, of), (right, shown), false, minutes)


def choose_music_threshold(films: Sequence[AnalysedMusicFilm]) -> float:
    """The lowest threshold with 0.95 of the shown right and one false cue in twenty minutes."""
    for candidate in np.arange(0.3, 0.96, 0.05):
        figures = counted_music(films, float(candidate))
        right, shown = figures.shown
        if shown and right / shown >= 0.95 and figures.false_in_ten_minutes <= 0.5:
            return round(float(candidate), 2)
    return 1.0
