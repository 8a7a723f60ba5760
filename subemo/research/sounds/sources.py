"""The clips of vocal sounds, speech and backgrounds, in folds."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.errors import CorpusError
from ..corpora import CORPORA_OF, EVALUATION_ONLY, Clip, Split, deeply, read_clips
from ..corpora.backgrounds import Backgrounds, read_backgrounds, vocal_sounds, without_people
from ..corpora.base import SoundClip

#: The corpora of vocal sounds besides ESC-10: where each is in the data folder, and its reader.
_VOCAL_SOUNDS = {"nonverbal": deeply.vocal_sounds}

#: The number of folds.
FOLDS = 5
#: The corpora of training speech, and those for reporting only.
SPEECH = CORPORA_OF[Split.TRAINING]
UNHEARD = EVALUATION_ONLY[
    ::-1
]  # the order that the random choices of the committed figures were made in


@dataclass(frozen=True)
class Sources:
    """All clips, divided into training and reporting.

    Attributes:
        sounds: vocal sounds
        held_sounds: those of ESC-10's held-out fold
        speech: clips of the training corpora
        unheard: clips of the corpora for reporting only
        backgrounds: training backgrounds
        held_backgrounds: held-out backgrounds
    """

    sounds: tuple[SoundClip, ...]
    held_sounds: tuple[SoundClip, ...]
    speech: tuple[Clip, ...]
    unheard: tuple[Clip, ...]
    backgrounds: Backgrounds
    held_backgrounds: Backgrounds

    @property
    def reported_sounds(self) -> list[SoundClip]:
        """Vocal sounds for reporting: all but ESC-10's, by models of other folds, and its held-out ones."""
        return [*(one for one in self.sounds if one.corpus != "esc"), *self.held_sounds]

    def of_fold(self, fold: int) -> Sources:
        """Its vocal sounds, and its training speech and backgrounds; folds share none of them."""
        music, noise = self.backgrounds.music, self.backgrounds.noise
        return replace(
            self,
            sounds=tuple(one for one in self.sounds if fold_of(one.speaker) == fold),
            held_sounds=tuple(one for one in self.held_sounds if fold_of(one.speaker) == fold),
            speech=tuple(clip for clip in self.speech if fold_of(str(clip.speaker)) == fold),
            backgrounds=Backgrounds(
                music[fold::FOLDS],
                tuple(path for path in noise if fold_of(path.stem.split("-")[1]) == fold),
            ),
        )


def read_sources(data: Path) -> Sources:
    """Reads all sources below a folder with ``nonverbal``, ``backgrounds`` and the corpora.

    Raises:
        CorpusError: if one is missing
    """
    heard, held = read_backgrounds(data / "backgrounds")
    sounds: list[SoundClip] = []
    for folder, read in _VOCAL_SOUNDS.items():
        found = list(read(data / folder))
        if not found:
            raise CorpusError("no vocal sounds in this folder", path=data / folder)
        sounds += found
    return Sources(
        sounds=(*sounds, *vocal_sounds(heard.noise)),
        held_sounds=tuple(vocal_sounds(held.noise)),
        speech=tuple(read_clips({name: data / name for name in SPEECH})),
        unheard=tuple(read_clips({name: data / name for name in UNHEARD})),
        backgrounds=Backgrounds(heard.music, tuple(without_people(heard.noise))),
        held_backgrounds=Backgrounds(held.music, tuple(without_people(held.noise))),
    )


def fold_of(name: str) -> int:
    """The fold of a speaker, recording or background, the same in every run.

    >>> fold_of("2AV8") in range(FOLDS)
    True
    """
    return zlib.crc32(name.encode()) % FOLDS
