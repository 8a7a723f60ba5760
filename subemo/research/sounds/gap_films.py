"""Films with sounds or music in the gaps between their cues, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ...align.segments import cut
from ...align.silence import measure
from ...analysis.sound_cues import SHORTEST_MUSIC_MS, loud_spans, music_stretches, window_rows
from ...core.sounds import SOUNDS, FilmSound, SceneSound, Sound, SoundHeard
from ...media.audio import Samples
from ...model.classifier import Classifier
from ...sounds.weights import SoundDetector
from ...tagging.sounds import ShownStretch, SoundCue, sound_cues
from ...tagging.vocabulary import vocabulary_of
from ..corpora import Clip
from ..corpora.backgrounds import Backgrounds
from ..corpora.base import SoundClip
from ..datasets.distortions import draw_background, mix, piece
from .figures import ASKED, wilson
from .sources import FOLDS, Sources
from .stretches import LEVEL_DB, SAMPLE_RATE, levelled, seeded, sound_of, spoken

_MS = SAMPLE_RATE // 1000
#: How long a cue stays at most, and how long gaps with sounds and those with music are.
_CUE_MS, _SOUND_GAP_MS, _MUSIC_GAP_MS = 4_000, (2_500, 6_000), (6_000, 14_000)
#: The longest sound, how much louder or softer than speech it is, and its background, in dB.
_SOUND_MS, _SOUND_DB, _SNR_DB = 3_000, (-6.0, 8.0), (0.0, 20.0)
#: So many sounds are in a film; each second gap has none, but speech without subtitles in so many.
_SOUNDS_OF_FILM, _UNSUBTITLED = 12, 0.5
#: Gaps of a film with music, and the pause around what is in them.
_GAPS, _PAUSE_MS = 12, 300
#: The level of music and noise alone relative to speech, and of speech over music, in dB.
_ALONE_DB, _MUSIC_SNR_DB = (-12.0, 3.0), (0.0, 15.0)
#: Films with music of each fold for choosing, and of the held-out tracks for reporting.
FILMS_OF_FOLD, FILMS_REPORTED = 3, 12
#: A cue may begin so long before or after its sound, and so long behind the start of music.
_NEAR_MS, _LATE_MS = 500, 3_000


class Gap(StrEnum):
    """What is in a gap of a film with music."""

    MUSIC = "music"
    NOISE = "noise"
    SPEECH_OVER_MUSIC = "speech over music"
    SPEECH = "speech"


@dataclass(frozen=True)
class GapFilm:
    """A film in memory.

    Attributes:
        fold: of the speakers and tracks in it, or -1 for held-out ones
        samples: mono at `SAMPLE_RATE`
        cues: when each is shown, in milliseconds
        gaps: what is in its gaps, and when; of a film with sounds, the sounds alone
    """

    fold: int
    samples: Samples
    cues: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[Sound | Gap, int, int], ...]

    @property
    def minutes(self) -> float:
        """Its length."""
        return self.samples.size / SAMPLE_RATE / 60

    def analysed(self, model: Classifier, detector: SoundDetector) -> npt.NDArray[np.float64]:
        """The windows of its gaps, see `subemo.analysis.sound_cues.window_rows`."""
        spans = loud_spans(measure([self.samples], sample_rate=SAMPLE_RATE), self.cues)
        return window_rows(cut([self.samples], spans, sample_rate=SAMPLE_RATE), model, detector)

    def sound_cues(
        self, heard: Iterable[SoundHeard], thresholds: Mapping[FilmSound, float]
    ) -> tuple[SoundCue, ...]:
        """The cues that ``--sound-cues`` makes of what is heard in the gaps."""
        english = vocabulary_of("en")
        assert english is not None
        return sound_cues(
            heard, [ShownStretch(*pair) for pair in self.cues], thresholds, preset="netflix",
            vocabulary=english, repeat_after_ms=10_000,
        )  # fmt: skip


class _Track:
    """Sound that is laid end to end, in whole milliseconds."""

    def __init__(self) -> None:
        self.parts: list[Samples] = []
        self.now = 0

    def lay(self, samples: Samples, most_ms: int | None = None) -> tuple[int, int]:
        """Adds sound; returns its start and end in milliseconds."""
        kept = samples if most_ms is None else samples[: most_ms * _MS]
        self.parts.append(kept[: kept.size // _MS * _MS])
        start, self.now = self.now, self.now + kept.size // _MS
        return start, self.now

    def pause(self, ms: float) -> None:
        """Adds silence."""
        self.lay(np.zeros(max(0, int(ms)) * _MS, np.float32))

    def joined(self) -> Samples:
        """All of it."""
        return np.concatenate(self.parts)


def sound_films(sources: Sources, *, with_sounds: bool) -> Iterator[GapFilm]:
    """Films of every fold's vocal sounds; or as many without any.

    Speech and backgrounds are not in the training data. Of two gaps one holds a
    sound, or in films without any nothing; of the others each second one holds speech
    that has no cue. Two films of three have a background all through.
    """
    for fold in range(FOLDS):
        own = sources.of_fold(fold).reported_sounds
        order = seeded("gap films", fold).permutation(len(own)).tolist()
        for first in range(0, len(own), _SOUNDS_OF_FILM):
            clips = [own[at] for at in order[first : first + _SOUNDS_OF_FILM]]
            given = clips if with_sounds else [None] * len(clips)
            yield _sound_film(sources, fold, first, given)


def _sound_film(
    sources: Sources, fold: int, number: int, clips: Sequence[SoundClip | None]
) -> GapFilm:
    generator = seeded("gap film", fold, number)  # the same speech with sounds and without
    track = _Track()
    cues: list[tuple[int, int]] = []
    sounds: list[tuple[Sound | Gap, int, int]] = []
    for clip in clips:
        for is_plain in (False, True):
            cues.append(track.lay(spoken(sources.unheard, generator), _CUE_MS))
            room = int(generator.uniform(*_SOUND_GAP_MS))
            before = int(generator.uniform(200, 700))
            is_spoken = is_plain and generator.random() < _UNSUBTITLED
            louder = generator.uniform(*_SOUND_DB)
            track.pause(before)
            start = end = track.now
            if is_spoken:
                start, end = track.lay(spoken(sources.unheard, generator), room)
            elif not is_plain and clip is not None:
                sound = levelled(sound_of(clip.path), LEVEL_DB + louder)
                start, end = track.lay(sound, _SOUND_MS)
                sounds.append((clip.sound, start, end))
            track.pause(max(400, room - before - (end - start)))
    samples = track.joined()
    if number // _SOUNDS_OF_FILM % 3:
        under = draw_background(sources.held_backgrounds, samples.size, SAMPLE_RATE, generator)
        samples = mix(samples, under, snr_db=generator.uniform(*_SNR_DB))
    return GapFilm(fold, _clipped(samples), tuple(cues), tuple(sounds))


def choosing_films(sources: Sources) -> Iterator[GapFilm]:
    """Films with music: of every fold's tracks, noises and speakers."""
    for fold in range(FOLDS):
        own = sources.of_fold(fold)
        for number in range(FILMS_OF_FOLD):
            yield _music_film(fold, number, own.speech, own.backgrounds)


def reported_films(sources: Sources) -> Iterator[GapFilm]:
    """Films with music: of tracks, noises and corpora that no training uses."""
    for number in range(FILMS_REPORTED):
        yield _music_film(-1, number, sources.unheard, sources.held_backgrounds)


def _music_film(fold: int, number: int, speech: Sequence[Clip], behind: Backgrounds) -> GapFilm:
    generator = seeded("music film", fold, number)
    track = _Track()
    cues: list[tuple[int, int]] = []
    gaps: list[tuple[Sound | Gap, int, int]] = []
    kinds = [gap for _ in range(_GAPS // len(Gap)) for gap in generator.permutation(list(Gap))]
    for kind in map(Gap, kinds):
        cues.append(track.lay(_said(speech, _CUE_MS, generator)))
        track.pause(_PAUSE_MS)
        length_ms = int(generator.uniform(*_MUSIC_GAP_MS))
        gaps.append((kind, *track.lay(_filled(kind, length_ms, speech, behind, generator))))
        track.pause(_PAUSE_MS)
    samples = track.joined()
    if number % 3 == 2:  # music or noise all through would make each gap music, or none
        quiet = piece(behind.noise, samples.size, SAMPLE_RATE, generator)
        samples = mix(samples, quiet, snr_db=generator.uniform(10, 25))
    return GapFilm(fold, _clipped(samples), tuple(cues), tuple(gaps))


def _filled(
    kind: Gap,
    length_ms: int,
    speech: Sequence[Clip],
    behind: Backgrounds,
    generator: np.random.Generator,
) -> Samples:
    if kind in (Gap.MUSIC, Gap.NOISE):
        files = behind.music if kind is Gap.MUSIC else behind.noise
        found = piece(files, length_ms * _MS, SAMPLE_RATE, generator)
        return levelled(found, LEVEL_DB + generator.uniform(*_ALONE_DB))
    said = _said(speech, length_ms, generator, fill=True)
    if kind is Gap.SPEECH:
        return said
    under = piece(behind.music, said.size, SAMPLE_RATE, generator)
    return np.asarray(mix(said, under, snr_db=generator.uniform(*_MUSIC_SNR_DB)), np.float32)


def _said(
    speech: Sequence[Clip], most_ms: int, generator: np.random.Generator, *, fill: bool = False
) -> Samples:
    parts: list[Samples] = []
    size = most_ms * _MS
    while not parts or (fill and sum(part.size for part in parts) < size):
        parts.append(spoken(speech, generator))
        parts.append(np.zeros(int(generator.uniform(0, 0.8) * SAMPLE_RATE), np.float32))
    return np.concatenate(parts)[:size]


def _clipped(samples: Samples) -> Samples:
    return np.clip(samples, -1, 1).astype(np.float32)


def sound_figures(
    films: Sequence[tuple[GapFilm, Sequence[SoundCue]]],
    without: Sequence[tuple[GapFilm, Sequence[SoundCue]]],
) -> str:
    """The figures of films with sounds, and of films without any.

    A sound that the repeat rule keeps back, since the same one had a cue within ten
    seconds, counts as not found.
    """
    right = shown = 0
    found: dict[object, list[int]] = {sound: [0, 0] for sound in SOUNDS}
    for film, cues in films:
        shown += len(cues)
        right += sum(any(_tells(cue, *one) for one in film.gaps) for cue in cues)
        for one in film.gaps:
            found[one[0]][1] += 1
            found[one[0]][0] += any(_tells(cue, *one) for cue in cues)
    minutes = sum(film.minutes for film, _ in without)
    false = sum(len(cues) for _, cues in without)
    each = "; ".join(f"{sound.value} {wilson(*found[sound])}" for sound in SOUNDS)
    together = (sum(found[sound][at] for sound in ASKED) for at in (0, 1))
    return (
        f"right of {shown} cues of sounds: {wilson(right, shown)}\n"
        f"found: {each}\nlaughs, sobs, screams and coughs together: {wilson(*together)}\n"
        f"false in films without any: {false} in {minutes:.0f} min, {false / minutes * 10:.2f} in ten"
    )


def _tells(cue: SoundCue, sound: Sound | Gap, start_ms: int, end_ms: int) -> bool:
    is_then = cue.start_ms < end_ms + _NEAR_MS and start_ms - _NEAR_MS < cue.end_ms
    return cue.sound is sound and is_then


@dataclass(frozen=True)
class MusicFigures:
    """What was counted on films with music.

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


#: A film with music and the windows of its gaps, see `GapFilm.analysed`.
AnalysedFilm = tuple[GapFilm, npt.NDArray[np.float64]]


def counted_music(films: Sequence[AnalysedFilm], threshold: float) -> MusicFigures:
    """Counts right and false cues of music, as ``--sound-cues --sounds all`` shows them."""
    found = of = right = shown = 0
    false: dict[Gap, int] = {kind: 0 for kind in Gap if kind is not Gap.MUSIC}
    for film, rows in films:
        heard = music_stretches(rows[:, :2], rows[:, -1], threshold)
        cues = film.sound_cues(heard, {SceneSound.MUSIC: 0.0})
        shown += len(cues)
        for kind, start, end in film.gaps:
            inside = [cue for cue in cues if start - _NEAR_MS <= cue.start_ms < end]
            if kind is not Gap.MUSIC:
                false[Gap(kind)] += len(inside)
                continue
            right += len(inside)
            if end - start >= SHORTEST_MUSIC_MS:
                of += 1
                found += any(cue.start_ms <= start + _LATE_MS for cue in inside)
    minutes = sum(film.minutes for film, _ in films)
    return MusicFigures((found, of), (right, shown), false, minutes)


def choose_music_threshold(films: Sequence[AnalysedFilm]) -> float:
    """The lowest threshold with 0.95 of the shown right and one false cue in twenty minutes."""
    for candidate in np.arange(0.3, 0.96, 0.05):
        figures = counted_music(films, float(candidate))
        right, shown = figures.shown
        if shown and right / shown >= 0.95 and figures.false_in_ten_minutes <= 0.5:
            return round(float(candidate), 2)
    return 1.0
