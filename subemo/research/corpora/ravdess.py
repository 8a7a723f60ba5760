"""RAVDESS, audio-only speech (Livingstone and Russo, 2018; zenodo.org/records/1188976)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ...core.emotions import EMOTIONS
from .base import ClipProtocol, NamedFiles, Split, sound_files

_SONG = re.compile(r"0[123]-02-")

#: The test actors of EmoBox's folds (Ma et al., 2024).
EMOBOX = (
    (1, 11, 20, 21),
    (4, 10, 12, 14),
    (8, 9, 19, 23),
    (3, 5, 7, 24),
    (2, 15, 16, 18),
    (6, 13, 17, 22),
)


def _emobox(_: Sequence[str]) -> list[list[str]]:
    return [[f"ravdess-{actor:02}" for actor in actors] for actors in EMOBOX]


class Ravdess(NamedFiles):
    """``Actor_07/03-01-05-02-01-01-07.wav``; songs (channel 02) are left out."""

    name = "ravdess"
    example = "03-01-05-02-01-01-07.wav"
    # Modality, channel, emotion, intensity, statement, repetition, actor.
    pattern = re.compile(
        r"0[123]-01-(?P<label>0[1-8])-(?P<intensity>0[12])-(?P<statement>0[12])-0[12]"
        r"-(?P<speaker>(?P<sex>\d\d))"
    )
    codes = {
        "label": {f"{number:02}": emotion.value for number, emotion in enumerate(EMOTIONS, 1)},
        "intensity": {"01": "normal", "02": "strong"},
        "sex": {f"{actor:02}": "male" if actor % 2 else "female" for actor in range(100)},
    }
    language = "en"
    splits = (Split.TRAINING, Split.CHOOSING)
    protocols = (
        ClipProtocol("ravdess", "RAVDESS, EmoBox folds, speakers held out", name, _emobox),
        ClipProtocol("choose-ravdess", "RAVDESS, corpus unseen", name, None, reported=False),
    )

    def files(self, root: Path) -> list[Path]:
        """See `NamedFiles.files`."""
        return [path for path in sound_files(root) if not _SONG.match(path.name)]


CORPUS = Ravdess()
