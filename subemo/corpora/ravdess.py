"""RAVDESS, audio-only speech (Livingstone and Russo, 2018; zenodo.org/records/1188976)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..emotions import EMOTIONS
from ..errors import CorpusError
from .base import Clip, sound_files

# Modality, channel, emotion, intensity, statement, repetition, actor.
_NAME = re.compile(r"0[123]-(0[12])-(0[1-8])-(0[12])-(0[12])-0[12]-(\d\d)")

_SPEECH = "01"


@dataclass(frozen=True)
class Ravdess:
    """``Actor_07/03-01-05-02-01-01-07.wav``; songs (channel 02) are left out."""

    name: str = "ravdess"

    def clips(self, root: Path) -> Iterator[Clip]:
        """See `Corpus.clips`."""
        for path in sound_files(root):
            match = _NAME.fullmatch(path.stem)
            if match is None:
                raise CorpusError(
                    "not a RAVDESS file name",
                    path=path,
                    remedy="Names look like 03-01-05-02-01-01-07.wav; move other files away.",
                )
            channel, emotion, intensity, statement, actor = match.groups()
            if channel != _SPEECH:
                continue
            yield Clip(
                path=path,
                emotion=EMOTIONS[int(emotion) - 1],
                speaker=f"{self.name}-{actor}",
                sex="male" if int(actor) % 2 else "female",
                corpus=self.name,
                statement=statement,
                intensity="normal" if intensity == "01" else "strong",
            )
