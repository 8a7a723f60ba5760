"""ASED, the Amharic Speech Emotion Dataset (Retta et al., 2023)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .base import CorpusEntry, NamedFiles, Split


class Ased(NamedFiles):
    """``02Fearful/f2-01-01-02-39.ogg``: laymen; no calm, no disgust, no surprise."""

    name = "ased"
    example = "f2-01-01-02-39.wav"
    pattern = re.compile(
        r"(?P<label>[nfhsa])\d-(?P<statement>\d\d)-(\d\d)-(?P<sex>0[12])-(?P<speaker>\d\d)"
    )
    codes = {
        "label": {"n": "neutral", "f": "fear", "h": "happy", "s": "sad", "a": "angry"},
        "sex": {"01": "female", "02": "male"},
    }
    language = "am"
    splits = (Split.REPORTING,)

    def entries(self, root: Path) -> Iterator[CorpusEntry]:
        """See `Corpus.entries`."""
        entries = list(super().entries(root))
        # Three speakers' names appear with both sexes, one of them by mistake.
        said: defaultdict[str | None, Counter[str | None]] = defaultdict(Counter)
        for entry in entries:
            said[entry.speaker][entry.sex] += 1
        for entry in entries:
            # A sentence's number counts within its emotion, whose letter the name begins with.
            statement = f"{entry.path.name[0]}{entry.statement}"
            sex = said[entry.speaker].most_common(1)[0][0]
            yield replace(entry, sex=sex, statement=statement)


CORPUS = Ased()
