"""All checks of an installation."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from ..core.version import __version__
from .check import Check
from .machine import machine_checks, program_checks
from .models import extra_checks, model_checks, package_checks, transcription_checks


@dataclass(frozen=True)
class Diagnosis:
    """The results of all checks.

    Attributes:
        checks: the results, in order
        python: the version of Python
        system: the operating system and processor
    """

    checks: tuple[Check, ...]
    python: str
    system: str

    @property
    def can_annotate(self) -> bool:
        """Whether `subemo annotate` has everything it needs."""
        return not self.obstacles

    @property
    def obstacles(self) -> tuple[Check, ...]:
        """The checks that prevent `subemo annotate` from working."""
        return tuple(check for check in self.checks if check.prevents_annotating)

    def to_json(self) -> dict[str, object]:
        """The diagnosis for JSON."""
        return {
            "subemo": __version__,
            "python": self.python,
            "system": self.system,
            "can_annotate": self.can_annotate,
            "checks": [
                {
                    "name": check.name,
                    "state": check.state.value,
                    "required": check.is_required,
                    "detail": check.detail,
                    "remedy": check.remedy,
                    **({"data": dict(check.data)} if check.data else {}),
                }
                for check in self.checks
            ],
        }


def diagnose() -> Diagnosis:
    """Checks this installation without changing it or importing packages of extras.

    Example:
        >>> [check.name for check in diagnose().obstacles]
        []
    """
    return Diagnosis(tuple(_checks()), platform.python_version(), platform.platform())


def _checks() -> Iterator[Check]:
    yield from package_checks()
    yield from program_checks()
    yield from model_checks()
    yield from transcription_checks()
    yield from machine_checks()
    yield from extra_checks()
