"""Clips named as the authors of the 2024 report (Davies and Chen) named theirs: who, and how they sound."""

from __future__ import annotations

import re
from pathlib import Path

from .base import Entry, NamedFiles

# Three letters at least: SAVEE's "DC_a01" is not one of these.
_NAME = re.compile(r"(.+)_([^\W\d_]{3,})(\d+)")


class NamedClips(NamedFiles):
    """``joy_happy1.wav``, ``dad_angry2.wav``: speaker, emotion, number."""

    name = "named"
    example = "joy_happy1.wav"
    pattern = _NAME

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        return Entry(path, match[2], speaker=match[1], statement=match[3])


CORPUS = NamedClips()
