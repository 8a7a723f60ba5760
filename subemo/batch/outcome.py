"""The outcome of a film."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..core.reading import open_plain
from ..core.tables import csv_table


class FilmStatus(StrEnum):
    """The status of a film.

    Example:
        >>> FilmStatus.SKIPPED.value
        'done before'
    """

    DONE = "done"
    SKIPPED = "done before"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """The outcome of a film.

    Attributes:
        video: the film
        status: its status
        reason: why it failed, or warnings
        output: the captions
        subtitles: the subtitles that they were made from
        cues: number of cues
        tagged: number of tagged cues
        duration_ms: duration of the film, or None
        seconds: elapsed time
    """

    video: Path
    status: FilmStatus
    reason: str = ""
    output: Path | None = None
    subtitles: str = ""
    cues: int = 0
    tagged: int = 0
    duration_ms: int | None = None
    seconds: float = 0.0


_COLUMNS = ("film", "status", "reason", "captions", "subtitles", "cues", "tagged", "duration_s",
            "seconds")  # fmt: skip


def is_results_csv(path: Path) -> bool:
    """Whether a file is a table that `results_csv` made."""
    head = csv_table([_COLUMNS]).encode()
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def results_csv(outcomes: Iterable[Outcome]) -> bytes:
    """A table of all outcomes, by film."""
    rows = [
        (
            str(one.video),
            one.status.value,
            one.reason,
            str(one.output or ""),
            one.subtitles,
            one.cues,
            one.tagged,
            "" if one.duration_ms is None else one.duration_ms / 1000,
            f"{one.seconds:.2f}",
        )
        for one in sorted(outcomes, key=lambda outcome: str(outcome.video))
    ]
    return csv_table([_COLUMNS, *rows]).encode("utf-8", "backslashreplace")
