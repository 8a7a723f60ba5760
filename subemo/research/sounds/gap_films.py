"""Films with vocal sounds in the gaps between their cues, and what becomes of those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...align.segments import cut
from ...align.silence import measure
from ...analysis.gaps import events, loud_spans, window_rows
from ...core.sounds import SOUNDS, FilmSound, Sound, SoundHeard
from ...media.audio import Samples
from ...model.classifier import Classifier
from ...sounds.weights import SoundDetector
from ...tagging.sounds import ShownStretch, SoundCue, sound_cues
from ...tagging.vocabulary import vocabulary_of
from ..corpora.backgrounds import Backgrounds
from ..datasets.distortions import draw_background, mix
from .figures import ASKED, wilson
from .sources import FOLDS, SoundClip, Sources, fold_of
from .stretches import LEVEL_DB, SAMPLE_RATE, levelled, seeded, sound_of

#: How long a gap is, from and to, and how long a cue stays at most, in milliseconds.
_GAP_MS, _CUE_MS = (2_500, 6_000), 4_000
#: The longest sound, how much louder or softer than speech it is, and its background, in dB.
_SOUND_MS, _SOUND_DB, _SNR_DB = 3_000, (-6.0, 8.0), (0.0, 20.0)
#: So many sounds are in a film, and so many gaps of one have no sound for each that has one.
_SOUNDS_OF_FILM, _PLAIN_GAPS = 12, 1
#: What is in a gap without a sound: speech without subtitles, in so many of them.
_UNSUBTITLED = 0.5
#: A cue may begin so long before or after its sound.
_NEAR_MS = 500


@dataclass(frozen=True)
class GapFilm:
    """A film in memory.

    Attributes:
        fold: of the speakers whose sounds are in it
        samples: mono at `SAMPLE_RATE`
        cues: when each is shown, in milliseconds
        sounds: those in its gaps
    """

    fold: int
    samples: Samples
    cues: tuple[tuple[int, int], ...]
    sounds: tuple[SoundHeard, ...]


@dataclass(frozen=True)
class GapFigures:
    """What was counted.

    Attributes:
        right: cues that tell of a sound that is there
        shown: cues in films with sounds
        found: of each sound, how many have such a cue, and how many there are
        false: cues in films without any sound
        minutes: of those films
        clips: how many sounds were set into gaps
    """

    right: int
    shown: int
    found: Mapping[Sound, tuple[int, int]]
    false: int
    minutes: float
    clips: int

    def __str__(self) -> str:
        asked = "; ".join(f"{sound.value} {wilson(*self.found[sound])}" for sound in SOUNDS)
        of_asked = tuple(sum(self.found[sound][at] for sound in ASKED) for at in (0, 1))
        return (
            f"right of {self.shown} cues of sounds: {wilson(self.right, self.shown)}\n"
            f"found: {asked}\nlaughs, sobs, screams and coughs together: {wilson(*of_asked)}\n"
            f"false in films without any: {self.false} in {self.minutes:.0f} min, "
            f"{self.false / self.minutes * 10:.2f} in ten"
        )


def gap_films(sources: Sources, *, with_sounds: bool) -> Iterator[GapFilm]:
    """Films of every fold's sounds; or as many without any.

    Speech and backgrounds are not in the training data. Of two gaps one holds a
    sound, or in films without any nothing; of the others each second one holds speech
    that has no cue. Two films of three have a background all through.
    """
    for fold in range(FOLDS):
        own = [one for one in (*sources.sounds, *sources.held_sounds)
               if fold_of(one.speaker) == fold and (one.corpus == "deeply" or one in sources.held_sounds)]  # fmt: skip
        order = seeded("gap films", fold).permutation(len(own)).tolist()
        for first in range(0, len(own), _SOUNDS_OF_FILM):
            clips = [own[at] for at in order[first : first + _SOUNDS_OF_FILM]]
            yield _film(sources, fold, first, clips if with_sounds else [None] * len(clips))


def _film(sources: Sources, fold: int, number: int, clips: Sequence[SoundClip | None]) -> GapFilm:
    generator = seeded("gap film", fold, number)  # the same speech with sounds and without
    parts: list[Samples] = []
    cues, sounds = [], []
    now = 0

    def lay(samples: Samples, most_ms: int) -> int:
        nonlocal now
        kept = samples[: most_ms * SAMPLE_RATE // 1000]
        kept = kept[: kept.size // (SAMPLE_RATE // 1000) * (SAMPLE_RATE // 1000)]
        parts.append(kept)
        now += kept.size * 1000 // SAMPLE_RATE
        return kept.size * 1000 // SAMPLE_RATE

    def pause(ms: float) -> None:
        lay(np.zeros(max(0, int(ms)) * SAMPLE_RATE // 1000, np.float32), 60_000)

    def speech() -> Samples:
        clip = sources.unheard[int(generator.integers(len(sources.unheard)))]
        return levelled(sound_of(clip.path), LEVEL_DB)

    for clip in clips:
        for is_plain in (False, *[True] * _PLAIN_GAPS):
            start = now
            lay(speech(), _CUE_MS)
            cues.append((start, now))
            room = int(generator.uniform(*_GAP_MS))
            before = int(generator.uniform(200, 700))
            is_spoken = is_plain and generator.random() < _UNSUBTITLED
            louder = generator.uniform(*_SOUND_DB)
            pause(before)
            laid = 0
            if is_spoken:
                laid = lay(speech(), room)
            elif not is_plain and clip is not None:
                at = now
                laid = lay(levelled(sound_of(clip.path), LEVEL_DB + louder), _SOUND_MS)
                sounds.append(SoundHeard(at, now, clip.sound, 1.0))
            pause(max(400, room - before - laid))
    samples = np.concatenate(parts)
    if number // _SOUNDS_OF_FILM % 3:
        samples = _behind(samples, sources.held_backgrounds, generator)
    return GapFilm(fold, np.clip(samples, -1, 1).astype(np.float32), tuple(cues), tuple(sounds))


def _behind(samples: Samples, backgrounds: Backgrounds, generator: np.random.Generator) -> Samples:
    behind = draw_background(backgrounds, samples.size, SAMPLE_RATE, generator)
    return np.asarray(mix(samples, behind, snr_db=generator.uniform(*_SNR_DB)), np.float32)


def cues_of(
    film: GapFilm, model: Classifier, weights: SoundDetector, thresholds: Mapping[FilmSound, float]
) -> tuple[SoundCue, ...]:
    """What `--sound-cues` makes of a film.

    Args:
        film: the film
        model: whose encoder is listened to
        weights: a detector not trained on the film's sounds
        thresholds: from which probability on each is shown
    """
    rate = SAMPLE_RATE
    spans = loud_spans(measure([film.samples], sample_rate=rate), film.cues)
    rows = window_rows(cut([film.samples], spans, sample_rate=rate), model, weights)
    english = vocabulary_of("en")
    assert english is not None
    return sound_cues(
        events(rows),
        [ShownStretch(*pair) for pair in film.cues],
        thresholds,
        preset="netflix",
        vocabulary=english,
        repeat_after_ms=10_000,
    )


def counted(
    films: Sequence[tuple[GapFilm, Sequence[SoundCue]]],
    without: Sequence[tuple[GapFilm, Sequence[SoundCue]]],
) -> GapFigures:
    """The figures of films with sounds, and of films without any.

    A sound that the repeat rule keeps back, since the same one had a cue within ten
    seconds, counts as not found.
    """
    right = shown = 0
    found: dict[FilmSound, list[int]] = {sound: [0, 0] for sound in SOUNDS}
    for film, cues in films:
        shown += len(cues)
        right += sum(any(_tells(cue, one) for one in film.sounds) for cue in cues)
        for one in film.sounds:
            found[one.sound][1] += 1
            found[one.sound][0] += any(_tells(cue, one) for cue in cues)
    minutes = sum(film.samples.size for film, _ in without) / SAMPLE_RATE / 60
    return GapFigures(
        right, shown, {sound: (found[sound][0], found[sound][1]) for sound in SOUNDS},
        sum(len(cues) for _, cues in without), minutes, sum(b for _, b in found.values()),
    )  # fmt: skip


def _tells(cue: SoundCue, one: SoundHeard) -> bool:
    is_then = cue.start_ms < one.end_ms + _NEAR_MS and one.start_ms - _NEAR_MS < cue.end_ms
    return cue.sound is one.sound and is_then
