"""What became of a film."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..core.tables import csv_table


class Status(StrEnum):
    """How a film ended."""

    DONE = "done"
    SKIPPED = "done before"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of a film.

    Attributes:
        video: the film
        status: how it ended
        reason: why it failed, or what was worked around
        output: the captions
        subtitles: what they were made of
        cues: how many
        tagged: how many show a tag
        duration_ms: of the film, or None
        seconds: that it took
    """

    video: Path
    status: Status
    reason: str = ""
    output: Path | None = None
    subtitles: str = ""
    cues: int = 0
    tagged: int = 0
    duration_ms: int | None = None
    seconds: float = 0.0


_COLUMNS = ("film", "status", "reason", "captions", "subtitles", "cues", "tagged", "duration_s",
            "seconds")  # fmt: skip


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
