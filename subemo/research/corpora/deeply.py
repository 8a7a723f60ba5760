"""Deeply's nonverbal vocalisations, the public sample (CC BY-NC-ND 4.0)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...core.sounds import Sound
from .base import SoundClip

#: What is in each folder. Moaning is neither a class nor a negative.
_FOLDERS = {
    "laughing": Sound.LAUGH,
    "crying": Sound.SOB,
    "screaming": Sound.SCREAM,
    "sighing": Sound.SIGH,
    "panting": Sound.GASP,
    "coughing": Sound.COUGH,
    "sneezing": Sound.SNEEZE,
}


def vocal_sounds(root: Path) -> Iterator[SoundClip]:
    """``laughing/2AV8_….ogg``: the clips below a folder, which begin with their speaker."""
    for folder, sound in _FOLDERS.items():
        for path in sorted((root / folder).glob("*.ogg")):
            yield SoundClip(path, sound, path.stem.partition("_")[0], "deeply")
