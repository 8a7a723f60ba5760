"""CREMA-D, the Crowd-sourced Emotional Multimodal Actors Dataset (Cao et al., 2014)."""

from __future__ import annotations

import re
from pathlib import Path

from .base import Entry, NamedFiles

_NAME = re.compile(r"(1\d{3})_([A-Z]{3})_(ANG|DIS|FEA|HAP|NEU|SAD)_(LO|MD|HI|XX|X)")
_INTENSITIES = {"LO": "low", "MD": "medium", "HI": "high"}


class CremaD(NamedFiles):
    """``AudioWAV/1001_DFA_ANG_XX.wav``: 91 actors, 12 sentences."""

    name = "crema-d"
    example = "1001_DFA_ANG_XX.wav"
    pattern = _NAME

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        speaker, statement, label, intensity = match.groups()
        return Entry(
            path,
            label,
            speaker=speaker,
            statement=statement,
            intensity=_INTENSITIES.get(intensity),
        )


CORPUS = CremaD()
