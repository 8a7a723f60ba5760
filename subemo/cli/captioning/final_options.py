"""What the commands for final captions are told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FinalOptions:
    """Captions that are final.

    Attributes:
        captions: the file
        output: what is made of them; None for beside the film
        language, encoding: of the captions; None for what they tell
        overwrite: whether what is there may be replaced
        video: the film, where one is made
        font: for text in a picture, or None
        form: of captions that are made; None for what the name tells
    """

    captions: Path
    output: Path | None
    language: str | None
    encoding: str | None
    overwrite: bool
    video: Path | None = None
    font: Path | None = None
    form: str | None = None
