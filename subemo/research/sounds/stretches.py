"""The composed segments of sounds, speech and backgrounds, with labels over time: for training, in folds, and for reporting."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.sounds import SOUNDS, Sound
from ...features.windows import sounding, trim_silence
from ...media import audio
from ...media.audio import Samples
from ..corpora import Clip
from ..corpora.backgrounds import Backgrounds
from ..corpora.base import SoundClip
from ..datasets.distortions import change_speed, draw_background, low_pass, mix, reverberate
from .sources import FOLDS, Sources

SAMPLE_RATE = 16_000
#: The labels of a frame: the position of a sound in `SOUNDS`, speech, background, or ignored.
SPEECH, BACKGROUND, UNASKED = 7, 8, -1

#: The level of speech in dBFS, and the range of a sound's level relative to speech.
LEVEL_DB, _SOUND_DB = -27.0, (-6.0, 8.0)
#: How far below its peak level a sound counts as audible, in dB.
_AUDIBLE_DB = 25.0
_STEP = SAMPLE_RATE // 100
_LONGEST = 10 * SAMPLE_RATE

Labels = npt.NDArray[np.int8]


class Form(StrEnum):
    """The position of a sound in a segment."""

    #: Alone, as between two cues.
    ALONE = "alone"
    #: Beside speech, as in a cue.
    BESIDE = "beside speech"
    #: Over speech.
    OVER = "over speech"


@dataclass(frozen=True, eq=False)
class Stretch:
    """A composed segment.

    Attributes:
        samples: mono at `SAMPLE_RATE`, its silent ends trimmed
        labels: labels, one for each 10 ms
    """

    samples: Samples
    labels: Labels


@dataclass(frozen=True)
class Conditions:
    """The backgrounds and distortions of a segment.

    Attributes:
        backgrounds: backgrounds to draw from, or None
        snr_db: range of signal-to-noise ratios
        chance: probability of a background
        distorted: whether to apply reverberation, speed, band limits and gains
    """

    backgrounds: Backgrounds | None
    snr_db: tuple[float, float] = (0.0, 25.0)
    chance: float = 0.6
    distorted: bool = True


@lru_cache(maxsize=20_000)
def sound_of(path: Path) -> Samples:
    """Loads a file at `SAMPLE_RATE` and trims its silent ends."""
    return trim_silence(audio.load(path, sample_rate=SAMPLE_RATE))


def with_sound(
    sound: Path,
    label: int,
    form: Form,
    speech: Sequence[Path],
    conditions: Conditions,
    generator: np.random.Generator,
) -> Stretch:
    """Composes a segment with a vocal sound.

    Args:
        sound: its file
        label: its position in `SOUNDS`
        form: its position
        speech: one or two files of speech, except for `Form.ALONE`
        conditions: backgrounds and distortions
        generator: source of randomness
    """
    own = _prepared(sound, conditions, generator, longest_s=4.0)
    own = levelled(own, LEVEL_DB + generator.uniform(*_SOUND_DB))
    labels = _labelled(own, label)
    if form is Form.ALONE:
        return _finished(own, labels, conditions, generator)
    said = [_prepared(path, conditions, generator, longest_s=2.5) for path in speech]
    said = [levelled(one, LEVEL_DB) for one in said]
    if form is Form.OVER:
        return _finished(*_laid_over(own, labels, said[0], generator), conditions, generator)
    parts = [(own, labels), *((one, _labelled(one, SPEECH)) for one in said)]
    order = generator.permutation(len(parts))
    return _finished(*_joined([parts[i] for i in order], generator), conditions, generator)


def of_speech(
    speech: Sequence[Path], conditions: Conditions, generator: np.random.Generator
) -> Stretch:
    """Composes a segment of speech only."""
    said = [_prepared(path, conditions, generator, longest_s=6.0) for path in speech]
    parts = [(one, _labelled(one, SPEECH)) for one in (levelled(s, LEVEL_DB) for s in said)]
    return _finished(*_joined(parts, generator), conditions, generator)


def of_background(
    backgrounds: Backgrounds, seconds: float, generator: np.random.Generator
) -> Stretch:
    """Composes a segment without voices."""
    size = int(seconds * SAMPLE_RATE)
    samples = draw_background(backgrounds, size, SAMPLE_RATE, generator)
    samples = levelled(samples, LEVEL_DB + generator.uniform(-15, 5))
    labels = np.full(-(-size // _STEP), BACKGROUND, np.int8)
    return _trimmed(samples, labels)


def spoken(speech: Sequence[Clip], generator: np.random.Generator) -> Samples:
    """One of some clips, at the level of speech."""
    return levelled(sound_of(speech[int(generator.integers(len(speech)))].path), LEVEL_DB)


def seeded(*parts: object) -> np.random.Generator:
    """A generator seeded independently of the corpora's folders."""
    return np.random.default_rng(zlib.crc32(repr(parts).encode()))


def _prepared(
    path: Path, conditions: Conditions, generator: np.random.Generator, *, longest_s: float
) -> Samples:
    samples = sound_of(path)
    size = int(longest_s * SAMPLE_RATE)
    if samples.size > size:
        start = int(generator.integers(samples.size - size))
        samples = samples[start : start + size]
    if conditions.distorted and generator.random() < 0.6:
        samples = change_speed(samples, generator.uniform(0.9, 1.1))
    return samples


def _joined(
    parts: Sequence[tuple[Samples, Labels]], generator: np.random.Generator
) -> tuple[Samples, Labels]:
    """Concatenates sounds with pauses of up to 0.4 s."""
    sounds, labels = [], []
    for samples, of_part in parts:
        pause = int(generator.uniform(0, 0.4) * 100)
        padding = np.zeros((pause + len(of_part)) * _STEP - samples.size, np.float32)
        sounds.append(np.concatenate([samples, padding]))
        labels.append(np.concatenate([of_part, np.full(pause, UNASKED, np.int8)]))
    return np.concatenate(sounds), np.concatenate(labels)


def _laid_over(
    own: Samples, labels: Labels, said: Samples, generator: np.random.Generator
) -> tuple[Samples, Labels]:
    """Lays a sound over speech; where they overlap, the sound is the label if it is louder."""
    room = max(0, said.size - own.size) // _STEP
    at = int(generator.integers(room + 1))
    size = max(said.size, at * _STEP + own.size)
    size = -(-size // _STEP) * _STEP
    laid, speech = np.zeros(size, np.float32), np.zeros(size, np.float32)
    laid[at * _STEP : at * _STEP + own.size] = own
    speech[: said.size] = said
    heard = np.full(size // _STEP, UNASKED, np.int8)
    spoken = _labelled(speech, SPEECH)
    heard[spoken == SPEECH] = SPEECH
    both = np.full(size // _STEP, UNASKED, np.int8)
    both[at : at + len(labels)] = labels[: len(both) - at]
    louder = _levels_db(laid) > _levels_db(speech)
    heard[(both >= 0) & louder] = both[(both >= 0) & louder]
    heard[(both >= 0) & ~louder] = UNASKED
    return laid + speech, heard


def _finished(
    samples: Samples, labels: Labels, conditions: Conditions, generator: np.random.Generator
) -> Stretch:
    if conditions.distorted and generator.random() < 0.25:
        samples = reverberate(samples, SAMPLE_RATE, generator)
    if conditions.backgrounds is not None and generator.random() < conditions.chance:
        behind = draw_background(conditions.backgrounds, samples.size, SAMPLE_RATE, generator)
        samples = mix(samples, behind, snr_db=generator.uniform(*conditions.snr_db))
    if conditions.distorted and generator.random() < 0.2:
        samples = low_pass(samples, SAMPLE_RATE, generator.uniform(3_000, 7_000))
    if conditions.distorted:
        samples = samples * np.float32(10 ** (generator.uniform(-15, 9) / 20))
    return _trimmed(np.clip(samples, -1, 1).astype(np.float32), labels)


def _trimmed(samples: Samples, labels: Labels) -> Stretch:
    """Trims the segment like a film's: see `trim_silence`, in steps of 32 ms."""
    samples = samples[:_LONGEST]
    start, end = sounding(samples)
    first = round(start / _STEP)
    kept = samples[start:end]
    return Stretch(kept, labels[first : first + -(-kept.size // _STEP)])


def levelled(samples: Samples, level_db: float) -> Samples:
    """Sets the level in dBFS, limited by full scale."""
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    gain = 10 ** (level_db / 20) / np.sqrt(max(power, 1e-10))
    peak = float(np.abs(samples).max(initial=1e-6))
    return np.asarray(samples * min(gain, 0.99 / peak), np.float32)


def _levels_db(samples: Samples) -> npt.NDArray[np.float64]:
    """The level of each 10 ms, smoothed over 50 ms."""
    padded = np.pad(samples, (0, -samples.size % _STEP)).reshape(-1, _STEP)
    power = np.square(padded, dtype=np.float64).mean(axis=1)
    smooth = np.convolve(power, np.ones(5) / 5, mode="same")
    return np.asarray(10 * np.log10(np.maximum(smooth, 1e-12)))


def _labelled(samples: Samples, label: int) -> Labels:
    levels = _levels_db(samples)
    return np.where(levels > levels.max(initial=-120) - _AUDIBLE_DB, label, UNASKED).astype(np.int8)


#: The forms of each sound in training, one segment each.
LEARNT_FORMS = (Form.ALONE, Form.BESIDE, Form.BESIDE, Form.OVER)
#: Segments of speech and of backgrounds in each fold.
SPEECH_STRETCHES, BACKGROUND_STRETCHES = 320, 60
#: More segments of backgrounds, since without them trumpets and roosters are detected as screams.
MORE_BACKGROUNDS = 200
#: The numbers for reporting.
REPORTED_SPEECH, REPORTED_BACKGROUNDS = 1000, 150


@dataclass(frozen=True, eq=False)
class Order:
    """A segment to compose.

    Attributes:
        name: identifies everything its randomness depends on
        fold: the fold of its sources
        sound: its vocal sound, or None
        form: its form, or empty
        group: the bootstrap group: the speaker of the sound or speech
        make: composes it
    """

    name: str
    fold: int
    sound: Sound | None
    form: str
    group: str
    make: Callable[[np.random.Generator], Stretch]

    def stretch(self) -> Stretch:
        """Composes the segment."""
        return self.make(seeded(self.name))


def learnt(sources: Sources) -> Iterator[Order]:
    """All training segments; a fold's sounds, speakers and backgrounds are in no other fold."""
    for fold in range(FOLDS):
        own = sources.of_fold(fold)
        conditions = Conditions(own.backgrounds)
        for version, form in enumerate(LEARNT_FORMS):
            use = f"learnt{version}"
            yield from _with_sounds(own.sounds, form, own.speech, conditions, fold, use)
        yield from _of_speech(own.speech, SPEECH_STRETCHES, conditions, fold, "learnt")
        yield from _of_backgrounds(own.backgrounds, BACKGROUND_STRETCHES, fold, "learnt")


def more_backgrounds(sources: Sources) -> Iterator[Order]:
    """Training segments without voices, in the same folds."""
    for fold in range(FOLDS):
        behind = sources.of_fold(fold).backgrounds
        yield from _of_backgrounds(behind, MORE_BACKGROUNDS, fold, "more")


def reported(sources: Sources) -> Iterator[Order]:
    """All segments for reporting, from corpora and backgrounds not used in training."""
    speech, held = sources.unheard, sources.held_backgrounds
    conditions = Conditions(held, snr_db=(0.0, 20.0), chance=0.67, distorted=False)
    for form in (Form.ALONE, Form.BESIDE):
        for fold in range(FOLDS):
            own = sources.of_fold(fold).reported_sounds
            yield from _with_sounds(own, form, speech, conditions, fold, "reported")
    for fold in range(FOLDS):
        yield from _of_speech(speech, REPORTED_SPEECH // FOLDS, conditions, fold, "reported")
        yield from _of_backgrounds(held, REPORTED_BACKGROUNDS // FOLDS, fold, "reported")


def _with_sounds(
    sounds: Sequence[SoundClip],
    form: Form,
    speech: Sequence[Clip],
    conditions: Conditions,
    fold: int,
    use: str,
) -> Iterator[Order]:
    for one in sounds:
        name = f"{use}/{form}/{one.path.parent.name}/{one.path.stem}"
        generator = seeded("speech of", name)
        count = 1 if form is Form.OVER else int(generator.integers(1, 3))
        said = [speech[int(i)].path for i in generator.integers(len(speech), size=count)]
        label = SOUNDS.index(one.sound)
        make = partial(with_sound, one.path, label, form, said, conditions)
        yield Order(name, fold, one.sound, form, one.speaker, make)


def _of_speech(
    speech: Sequence[Clip], count: int, conditions: Conditions, fold: int, use: str
) -> Iterator[Order]:
    names = sorted({clip.corpus for clip in speech})
    by_corpus = [[clip for clip in speech if clip.corpus == name] for name in names]
    for number in range(count):
        generator = seeded(use, "speech", fold, number)
        clips = by_corpus[number % len(names)]
        first = clips[int(generator.integers(len(clips)))]
        said = [first.path]
        if generator.random() < 0.3:
            said.append(clips[int(generator.integers(len(clips)))].path)
        name = f"{use}/speech/{fold}/{number}"
        make = partial(of_speech, said, conditions)
        yield Order(name, fold, None, "speech", str(first.speaker), make)


def _of_backgrounds(backgrounds: Backgrounds, count: int, fold: int, use: str) -> Iterator[Order]:
    for number in range(count):
        name = f"{use}/background/{fold}/{number}"
        make = partial(of_background, backgrounds, 6.0)
        yield Order(name, fold, None, "background", f"{use}-{fold}-{number}", make)
