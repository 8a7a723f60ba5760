"""Background music and noise, divided into training and held-out files."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import CorpusError
from ...core.sounds import Sound
from .base import AUDIO_SUFFIXES, SoundClip, Split

#: Held-out music: five tracks that differ in instruments and tempo.
HELD_OUT_MUSIC = frozenset(
    {
        "Kevin_MacLeod_-_P_I_Tchaikovsky_Dance_of_the_Sugar_Plum_Fairy",
        "Karissa_Hobbs_-_Lets_Go_Fishin",
        "sorohanro_-_solo-trumpet-06",
        "unknown-horizons-seafight",
        "442789__lena-orsa__happy-music-pistachio-ice-cream-ragtime",
    }
)

#: The held-out fold of ESC-10: the first digit of a file's name.
HELD_OUT_NOISE_FOLD = "5"

#: ESC-10's human sounds (CC BY 3.0), which may express an emotion, by a part of their folder's name.
HUMAN_NOISE = {"Baby_cry": Sound.SOB, "Person_sneeze": Sound.SNEEZE}


@dataclass(frozen=True)
class Backgrounds:
    """Sound files without speech.

    Attributes:
        music: tracks
        noise: short noises
    """

    music: tuple[Path, ...]
    noise: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All files."""
        return (*self.music, *self.noise)


def read_backgrounds(root: Path) -> tuple[Backgrounds, Backgrounds]:
    """Reads the backgrounds for training and the held-out ones.

    Args:
        root: a folder with ``music`` and ``noise`` (ESC-10) in it

    Raises:
        CorpusError: if either is empty
    """
    music = _files(root / "music")
    noise = _files(root / "noise")
    held_music = tuple(path for path in music if path.stem in HELD_OUT_MUSIC)
    held_noise = tuple(path for path in noise if path.stem[0] == HELD_OUT_NOISE_FOLD)
    training = Backgrounds(
        tuple(path for path in music if path not in held_music),
        tuple(path for path in noise if path not in held_noise),
    )
    return training, Backgrounds(held_music, held_noise)


def without_people(files: Sequence[Path]) -> list[Path]:
    """Removes files of human sounds."""
    return [p for p in files if not any(kind in p.parent.name for kind in HUMAN_NOISE)]


def vocal_sounds(files: Sequence[Path]) -> Iterator[SoundClip]:
    """The clips of human sounds among files of noise."""
    for path in files:
        for part, sound in HUMAN_NOISE.items():
            if part in path.parent.name:
                # 1-26143-A: fold, recording, take.
                yield SoundClip(path, sound, f"esc-{path.stem.split('-')[1]}", "esc")


def _files(folder: Path) -> list[Path]:
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES)
    if not found:
        raise CorpusError(
            "no sound files in this folder",
            path=folder,
            remedy="Give a folder that contains music/ and noise/ (ESC-10).",
        )
    return found


#: The held-out music for choosing; the rest is for reporting.
CHOOSING_MUSIC = frozenset({"sorohanro_-_solo-trumpet-06", "unknown-horizons-seafight"})

assert CHOOSING_MUSIC < HELD_OUT_MUSIC


def read_film_backgrounds(root: Path, split: Split) -> Backgrounds:
    """Reads music, and noises without people, for films of a split, which shares no track or recording with others.

    Args:
        root: a folder with ``music`` and ``noise`` (ESC-10) in it
        split: the split

    Raises:
        CorpusError: if there is no music for the split
    """
    of_training, held_out = read_backgrounds(root)
    if split is Split.TRAINING:
        found = of_training
    else:
        chooses = split is Split.CHOOSING
        found = Backgrounds(
            tuple(p for p in held_out.music if (p.stem in CHOOSING_MUSIC) == chooses),
            tuple(p for p in held_out.noise if _is_for_choosing(p) == chooses),
        )
    if not found.music:
        raise CorpusError(f"no music for {split} in this folder", path=root / "music")
    return Backgrounds(found.music, tuple(without_people(found.noise)))


def _is_for_choosing(noise: Path) -> bool:
    """Whether a noise is for choosing, by its recording, the second field of its name in ESC-50."""
    recording = noise.stem.split("-")[1:2]
    return zlib.crc32("".join(recording).encode()) % 2 == 0
