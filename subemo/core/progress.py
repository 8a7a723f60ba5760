"""How a long job reports its progress; what is done with a report is the caller's affair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A step that was done.

    Attributes:
        stage: what is going on, in a few words
        done: units done so far
        total: units in all, or None where that is not known
        note: an early result, or nothing
    """

    stage: str
    done: int
    total: int | None
    note: str = ""


OnStep = Callable[[Step], None]


def ignore(told: object) -> None:
    """For jobs that nobody watches: of steps, and of notes."""
