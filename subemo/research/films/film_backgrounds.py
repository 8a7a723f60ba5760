"""The backgrounds of films, divided into training, choosing and reporting."""

from __future__ import annotations

import zlib
from pathlib import Path

from ...core.errors import CorpusError
from ..corpora import Split
from ..corpora.backgrounds import HELD_OUT_MUSIC, Backgrounds, read_backgrounds, without_people

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
