"""EMOVO, Italian acted speech (Costantini et al., 2014)."""

from __future__ import annotations

import re
from pathlib import Path

from .base import ClipProtocol, Entry, NamedFiles, Split

_NAME = re.compile(r"(dis|gio|neu|pau|rab|sor|tri)-([fm])(\d)-(\w+)")


class Emovo(NamedFiles):
    """``f1/dis-f1-b1.wav``: three women and three men, 14 sentences in each emotion."""

    name = "emovo"
    example = "dis-f1-b1.wav"
    pattern = _NAME
    language = "it"
    splits = (Split.TRAINING, Split.REPORTING)
    protocols = (ClipProtocol("emovo", "EMOVO, corpus and language unseen", name, None),)

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        label, sex, number, statement = match.groups()
        return Entry(
            path,
            label,
            speaker=sex + number,
            sex="male" if sex == "m" else "female",
            statement=statement,
        )


CORPUS = Emovo()
