"""TESS, the Toronto emotional speech set (Pichora-Fuller and Dupuis, 2020)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from .base import ClipProtocol, CorpusEntry, NamedFiles, Split


class Tess(NamedFiles):
    """``OAF_fear/OAF_back_fear.wav``: two women, 200 words in each emotion."""

    name = "tess"
    example = "OAF_back_fear.wav"
    # The makers wrote OA_bite_neutral once.
    pattern = re.compile(
        r"(?P<speaker>OA|YA)F?_(?P<statement>[a-z]+)_(?P<label>neutral|angry|disgust|fear|happy|sad|ps)",
        re.IGNORECASE,
    )
    language = "en"
    splits = (Split.TRAINING, Split.REPORTING)
    protocols = (ClipProtocol("tess", "TESS, corpus unseen", name, None),)

    def parse(self, path: Path) -> CorpusEntry | None:
        """See `NamedFiles.parse`."""
        entry = super().parse(path)
        if entry is None or entry.speaker is None:
            return None
        return replace(entry, speaker=f"{entry.speaker.upper()}F", sex="female")


CORPUS = Tess()
