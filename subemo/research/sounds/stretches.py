"""The composed segments: those for training, in folds, and those for reporting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ...core.sounds import SOUNDS, Sound
from ..corpora import Clip
from ..corpora.backgrounds import Backgrounds
from .composing import (
    Conditions,
    Form,
    Stretch,
    of_background,
    of_speech,
    seeded,
    with_sound,
)
from .sources import FOLDS, SoundClip, Sources, fold_of

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
        speech = [clip for clip in sources.speech if fold_of(str(clip.speaker)) == fold]
        behind = of_fold(sources.backgrounds, fold)
        conditions = Conditions(behind)
        sounds = [one for one in sources.sounds if fold_of(one.speaker) == fold]
        for version, form in enumerate(LEARNT_FORMS):
            yield from _with_sounds(sounds, form, speech, conditions, fold, f"learnt{version}")
        yield from _of_speech(speech, SPEECH_STRETCHES, conditions, fold, "learnt")
        yield from _of_backgrounds(behind, BACKGROUND_STRETCHES, fold, "learnt")


def more_backgrounds(sources: Sources) -> Iterator[Order]:
    """Training segments without voices, in the same folds."""
    for fold in range(FOLDS):
        behind = of_fold(sources.backgrounds, fold)
        yield from _of_backgrounds(behind, MORE_BACKGROUNDS, fold, "more")


def reported(sources: Sources) -> Iterator[Order]:
    """All segments for reporting, from corpora and backgrounds not used in training."""
    speech = list(sources.unheard)
    conditions = Conditions(
        sources.held_backgrounds, snr_db=(0.0, 20.0), chance=0.67, distorted=False
    )
    every = [*sources.sounds, *sources.held_sounds]
    sounds = [one for one in every if one.corpus == "deeply" or one in sources.held_sounds]
    for form in (Form.ALONE, Form.BESIDE):
        for fold in range(FOLDS):
            own = [one for one in sounds if fold_of(one.speaker) == fold]
            yield from _with_sounds(own, form, speech, conditions, fold, "reported")
    for fold in range(FOLDS):
        yield from _of_speech(speech, REPORTED_SPEECH // FOLDS, conditions, fold, "reported")
        yield from _of_backgrounds(
            sources.held_backgrounds, REPORTED_BACKGROUNDS // FOLDS, fold, "reported"
        )


def of_fold(backgrounds: Backgrounds, fold: int) -> Backgrounds:
    """Divides music in turn and noise by recording, so that folds share none."""
    return Backgrounds(
        tuple(path for at, path in enumerate(backgrounds.music) if at % FOLDS == fold),
        tuple(p for p in backgrounds.noise if fold_of(p.stem.split("-")[1]) == fold),
    )


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
    by_corpus: dict[str, list[Clip]] = {}
    for clip in speech:
        by_corpus.setdefault(clip.corpus, []).append(clip)
    for number in range(count):
        generator = seeded(use, "speech", fold, number)
        names = sorted(by_corpus)
        clips = by_corpus[names[number % len(names)]]
        first = clips[int(generator.integers(len(clips)))]
        said: list[Path] = [first.path]
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
