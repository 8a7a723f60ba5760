"""SAVEE, the Surrey Audio-Visual Expressed Emotion database (Jackson and Haq)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..emotions import parse_emotion
from ..errors import CorpusError
from .base import Clip, sound_files

_NAME = re.compile(r"(?:(DC|JE|JK|KL)_)?(a|d|f|h|n|sa|su)(\d\d)")
_SPEAKERS = ("DC", "JE", "JK", "KL")


@dataclass(frozen=True)
class Savee:
    """``AudioData/DC/a01.wav``, or ``DC_a01.wav`` in one folder: four men."""

    name: str = "savee"

    def clips(self, root: Path) -> Iterator[Clip]:
        """See `Corpus.clips`."""
        for path in sound_files(root):
            match = _NAME.fullmatch(path.stem)
            speaker = match and (match[1] or path.parent.name)
            if match is None or speaker not in _SPEAKERS:
                raise CorpusError(
                    "not a SAVEE file name",
                    path=path,
                    remedy="Names look like DC/a01.wav or DC_a01.wav; move other files away.",
                )
            emotion = parse_emotion(match[2])
            assert emotion is not None
            yield Clip(
                path=path,
                emotion=emotion,
                speaker=f"{self.name}-{speaker}",
                sex="male",
                corpus=self.name,
                statement=match[2] + match[3],
            )
