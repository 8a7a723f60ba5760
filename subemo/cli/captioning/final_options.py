"""The options of the commands for finished captions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FinalOptions:
    """Finished captions, and what to make of them.

    Attributes:
        captions: the file
        output: the output file; None for a name beside the film
        language, encoding: of the captions; None to detect it
        overwrite: whether an existing output may be replaced
        video: the film; None for `convert`
        font: for burned-in text, or None
        form: output format; None to take it from the output's name
    """

    captions: Path
    output: Path | None
    language: str | None
    encoding: str | None
    overwrite: bool
    video: Path | None = None
    font: Path | None = None
    form: str | None = None
