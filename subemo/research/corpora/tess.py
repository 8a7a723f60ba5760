"""TESS, the Toronto emotional speech set (Pichora-Fuller and Dupuis, 2020)."""

from __future__ import annotations

import re
from pathlib import Path

from .base import ClipProtocol, Entry, NamedFiles, Split

# The makers wrote OA_bite_neutral once.
_NAME = re.compile(r"(OA|YA)F?_([a-z]+)_(neutral|angry|disgust|fear|happy|sad|ps)", re.IGNORECASE)


class Tess(NamedFiles):
    """``OAF_fear/OAF_back_fear.wav``: two women, 200 words in each emotion."""

    name = "tess"
    example = "OAF_back_fear.wav"
    pattern = _NAME
    language = "en"
    splits = (Split.TRAINING, Split.REPORTING)
    protocols = (ClipProtocol("tess", "TESS, corpus unseen", name, None),)

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        speaker, word, label = match.groups()
        return Entry(path, label, speaker=f"{speaker.upper()}F", sex="female", statement=word)


CORPUS = Tess()
