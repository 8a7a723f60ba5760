"""nEMO, Polish acted speech (Christop, 2024)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .base import ClipProtocol, CorpusEntry, NamedFiles, Split


def _thirds(speakers: Sequence[str]) -> list[list[str]]:
    return [list(speakers[start::3]) for start in range(3)]


class Nemo(NamedFiles):
    """``samples/WR0_surprised_64.wav``, and ``data.tsv`` with the speakers' sex."""

    name = "nemo"
    example = "WR0_surprised_64.wav"
    pattern = re.compile(
        r"(?P<speaker>[A-Z]{2}\d)_(?P<label>anger|angry|fear|happiness|happy|neutral|sadness|sad|surprised?)"
        r"_(?P<statement>\d+)"
    )
    language = "pl"
    splits = (Split.TRAINING, Split.REPORTING)
    protocols = (
        ClipProtocol("nemo", "nEMO, corpus and language unseen", name, None),
        ClipProtocol("choose-nemo", "nEMO, speakers held out", name, _thirds, reported=False),
    )

    def entries(self, root: Path) -> Iterator[CorpusEntry]:
        """See `Corpus.entries`."""
        sexes = _sexes(root / "data.tsv")
        for entry in super().entries(root):
            yield replace(entry, sex=sexes.get(entry.speaker or ""))


def _sexes(table: Path) -> dict[str, str]:
    """The sex of each speaker; empty if the table is missing."""
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["speaker_id"].strip(): row["gender"] for row in rows}


CORPUS = Nemo()
