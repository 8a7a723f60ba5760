"""ASED, the Amharic Speech Emotion Dataset (Retta et al., 2023)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .base import Entry, NamedFiles, Split

_NAME = re.compile(r"([nfhsa])\d-(\d\d)-(\d\d)-(0[12])-(\d\d)")
_LABELS = {"n": "neutral", "f": "fear", "h": "happy", "s": "sad", "a": "angry"}
_SEXES = {"01": "female", "02": "male"}


class Ased(NamedFiles):
    """``02Fearful/f2-01-01-02-39.ogg``: laymen; no calm, no disgust, no surprise."""

    name = "ased"
    example = "f2-01-01-02-39.wav"
    pattern = _NAME
    language = "am"
    splits = (Split.REPORTING,)

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        letter, sentence, _, sex, speaker = match.groups()
        return Entry(
            path,
            _LABELS[letter],
            speaker=speaker,
            sex=_SEXES[sex],
            statement=letter + sentence,
        )

    def entries(self, root: Path) -> Iterator[Entry]:
        """See `Corpus.entries`."""
        entries = list(super().entries(root))
        # Three speakers' names appear with both sexes, one of them by mistake.
        said: defaultdict[str | None, Counter[str | None]] = defaultdict(Counter)
        for entry in entries:
            said[entry.speaker][entry.sex] += 1
        for entry in entries:
            yield replace(entry, sex=said[entry.speaker].most_common(1)[0][0])


CORPUS = Ased()
