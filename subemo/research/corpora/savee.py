"""SAVEE, the Surrey Audio-Visual Expressed Emotion database (Jackson and Haq)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .base import ClipProtocol, CorpusEntry, NamedFiles, Split

_SPEAKERS = ("DC", "JE", "JK", "KL")


def _one_out(speakers: Sequence[str]) -> list[list[str]]:
    return [[speaker] for speaker in speakers]


class Savee(NamedFiles):
    """``AudioData/DC/a01.wav``, or ``DC_a01.wav`` in one folder: four men."""

    name = "savee"
    example = "DC/a01.wav or DC_a01.wav"
    pattern = re.compile(
        rf"(?:(?P<speaker>{'|'.join(_SPEAKERS)})_)?(?P<statement>(?P<label>a|d|f|h|n|sa|su)\d\d)"
    )
    language = "en"
    splits = (Split.TRAINING, Split.CHOOSING)
    protocols = (
        ClipProtocol("savee", "SAVEE, one speaker out", name, _one_out),
        ClipProtocol("choose-savee", "SAVEE, corpus unseen", name, None, reported=False),
    )

    def parse(self, path: Path) -> CorpusEntry | None:
        """See `NamedFiles.parse`; the speaker is in the name or is the folder."""
        entry = super().parse(path)
        speaker = path.parent.name if entry is None else entry.speaker or path.parent.name
        if entry is None or speaker not in _SPEAKERS:
            return None
        return replace(entry, speaker=speaker, sex="male")


CORPUS = Savee()
