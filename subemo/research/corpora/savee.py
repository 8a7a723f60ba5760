"""SAVEE, the Surrey Audio-Visual Expressed Emotion database (Jackson and Haq)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from .base import ClipProtocol, Entry, NamedFiles, Split

_NAME = re.compile(r"(?:(DC|JE|JK|KL)_)?(a|d|f|h|n|sa|su)(\d\d)")
_SPEAKERS = ("DC", "JE", "JK", "KL")


def _one_out(speakers: Sequence[str]) -> list[list[str]]:
    return [[speaker] for speaker in speakers]


class Savee(NamedFiles):
    """``AudioData/DC/a01.wav``, or ``DC_a01.wav`` in one folder: four men."""

    name = "savee"
    example = "DC/a01.wav or DC_a01.wav"
    pattern = _NAME
    language = "en"
    splits = (Split.TRAINING, Split.CHOOSING)
    protocols = (
        ClipProtocol("savee", "SAVEE, one speaker out", name, _one_out),
        ClipProtocol("choose-savee", "SAVEE, corpus unseen", name, None, reported=False),
    )

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        speaker = match[1] or path.parent.name
        if speaker not in _SPEAKERS:
            return None
        return Entry(path, match[2], speaker=speaker, sex="male", statement=match[2] + match[3])


CORPUS = Savee()
