"""RAVDESS, audio-only speech (Livingstone and Russo, 2018; zenodo.org/records/1188976)."""

from __future__ import annotations

import re
from pathlib import Path

from ...core.emotions import EMOTIONS
from .base import Entry, NamedFiles, sound_files

# Modality, channel, emotion, intensity, statement, repetition, actor.
_NAME = re.compile(r"0[123]-01-(0[1-8])-(0[12])-(0[12])-0[12]-(\d\d)")
_SONG = re.compile(r"0[123]-02-")


class Ravdess(NamedFiles):
    """``Actor_07/03-01-05-02-01-01-07.wav``; songs (channel 02) are left out."""

    name = "ravdess"
    example = "03-01-05-02-01-01-07.wav"
    pattern = _NAME

    def files(self, root: Path) -> list[Path]:
        """See `NamedFiles.files`."""
        return [path for path in sound_files(root) if not _SONG.match(path.name)]

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        emotion, intensity, statement, actor = match.groups()
        return Entry(
            path,
            EMOTIONS[int(emotion) - 1].value,
            speaker=actor,
            sex="male" if int(actor) % 2 else "female",
            statement=statement,
            intensity="normal" if intensity == "01" else "strong",
        )


CORPUS = Ravdess()
