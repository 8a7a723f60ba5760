"""Clips named like those of the 2024 report (Davies and Chen): speaker and emotion."""

from __future__ import annotations

import re
from pathlib import Path

from .base import Entry, NamedFiles

# At least three letters, so that SAVEE's "DC_a01" does not match.
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
