"""Progress reports of long jobs, for the caller to display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A completed step.

    Attributes:
        stage: the current stage, in a few words
        done: units done so far
        total: total units, or None if unknown
        note: an intermediate result, or an empty string
    """

    stage: str
    done: int
    total: int | None
    note: str = ""


OnStep = Callable[[Step], None]


def ignore(step: object) -> None:
    """A callback that ignores steps and notes."""
