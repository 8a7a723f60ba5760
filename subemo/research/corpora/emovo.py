"""EMOVO, Italian acted speech (Costantini et al., 2014)."""

from __future__ import annotations

import re
from pathlib import Path

from .base import Entry, NamedFiles

_NAME = re.compile(r"(dis|gio|neu|pau|rab|sor|tri)-([fm])(\d)-(\w+)")


class Emovo(NamedFiles):
    """``f1/dis-f1-b1.wav``: three women and three men, 14 sentences in each emotion."""

    name = "emovo"
    example = "dis-f1-b1.wav"

    def parse(self, path: Path) -> Entry | None:
        """See `NamedFiles.parse`."""
        match = _NAME.fullmatch(path.stem)
        if match is None:
            return None
        label, sex, number, statement = match.groups()
        return Entry(
            path,
            label,
            speaker=sex + number,
            sex="male" if sex == "m" else "female",
            statement=statement,
        )
