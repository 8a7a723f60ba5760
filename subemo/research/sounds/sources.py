"""The clips of vocal sounds (Deeply, ESC-10), speech and backgrounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.errors import CorpusError
from ...core.sounds import Sound
from ..corpora import CORPORA_OF, EVALUATION_ONLY, Clip, Split, read_clips
from ..corpora.backgrounds import Backgrounds, read_backgrounds, without_people

#: Deeply's folders (CC BY-NC-ND 4.0). Moaning is neither a class nor a negative.
NONVERBAL = {
    "laughing": Sound.LAUGH,
    "crying": Sound.SOB,
    "screaming": Sound.SCREAM,
    "sighing": Sound.SIGH,
    "panting": Sound.GASP,
    "coughing": Sound.COUGH,
    "sneezing": Sound.SNEEZE,
}
#: ESC-10's human classes (CC BY 3.0), by a part of the folder's name.
ESC = {"Baby_cry": Sound.SOB, "Person_sneeze": Sound.SNEEZE}

#: The number of folds.
FOLDS = 5
#: The corpora of training speech, and those for reporting only.
SPEECH = CORPORA_OF[Split.TRAINING]
UNHEARD = EVALUATION_ONLY[
    ::-1
]  # the order that the random choices of the committed figures were made in


@dataclass(frozen=True)
class SoundClip:
    """A clip of one vocal sound.

    Attributes:
        path: the file
        sound: the vocal sound
        speaker: the speaker, or the recording if unknown
        corpus: ``deeply`` or ``esc``
    """

    path: Path
    sound: Sound
    speaker: str
    corpus: str


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
        """Vocal sounds for reporting: Deeply's, by models of other folds, and the held-out ones."""
        return [*(one for one in self.sounds if one.corpus == "deeply"), *self.held_sounds]

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
    deeply = list(_deeply(data / "nonverbal"))
    if not deeply:
        raise CorpusError("no vocal sounds in this folder", path=data / "nonverbal")
    return Sources(
        sounds=(*deeply, *_esc(heard.noise)),
        held_sounds=tuple(_esc(held.noise)),
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


def _deeply(root: Path) -> Iterator[SoundClip]:
    for folder, sound in NONVERBAL.items():
        for path in sorted((root / folder).glob("*.ogg")):
            yield SoundClip(path, sound, path.stem.partition("_")[0], "deeply")


def _esc(noise: Sequence[Path]) -> Iterator[SoundClip]:
    for path in noise:
        for part, sound in ESC.items():
            if part in path.parent.name:
                # 1-26143-A: fold, recording, take.
                yield SoundClip(path, sound, f"esc-{path.stem.split('-')[1]}", "esc")
