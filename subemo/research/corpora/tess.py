"""TESS, the Toronto emotional speech set (Pichora-Fuller and Dupuis, 2020)."""

from __future__ import annotations

import re
from pathlib import Path

from .base import Entry, NamedFiles

# The makers wrote OA_bite_neutral once.
_NAME = re.compile(r"(OA|YA)F?_([a-z]+)_(neutral|angry|disgust|fear|happy|sad|ps)", re.IGNORECASE)


class Tess(NamedFiles):
    """``OAF_fear/OAF_back_fear.wav``: two women, 200 words in each emotion."""

    name = "tess"
    example = "OAF_back_fear.wav"

    def parse(self, path: Path) -> Entry | None:
        """See `NamedFiles.parse`."""
        match = _NAME.fullmatch(path.stem)
        if match is None:
            return None
        speaker, word, label = match.groups()
        return Entry(path, label, speaker=f"{speaker.upper()}F", sex="female", statement=word)
