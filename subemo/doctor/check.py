"""A check of an installation and its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..core.errors import SubemoError


class State(StrEnum):
    """The result of a check."""

    OK = "ok"
    #: It works, with limitations.
    LIMITED = "limited"
    MISSING = "missing"
    #: It is present but does not work.
    BROKEN = "broken"


@dataclass(frozen=True)
class Check:
    """The result of a check.

    Attributes:
        name: name of the checked part
        state: the result
        detail: what was found, or what is wrong, in one line
        is_required: whether `subemo annotate` cannot work without it
        remedy: how to get what is missing, as a sentence; empty if nothing is
        data: the details for programs: text, numbers, and lists of these

    Example:
        >>> Check("font", State.MISSING, "none", remedy="Install one.").prevents_annotating
        False
    """

    name: str
    state: State
    detail: str
    is_required: bool = False
    remedy: str = ""
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def prevents_annotating(self) -> bool:
        """Whether it prevents `subemo annotate` from working."""
        return self.is_required and self.state in (State.MISSING, State.BROKEN)


def checked(name: str, check: Callable[[], Check], *, is_required: bool, remedy: str) -> Check:
    """Runs a check and reports any exception as broken.

    Args:
        name: name of the checked part
        check: runs the check
        is_required: whether `subemo annotate` needs it, if the check fails
        remedy: what to do in that case, unless the error says
    """
    try:
        return check()
    except SubemoError as error:
        where = "" if error.path is None else f"{error.path}: "
        detail, remedy = f"{where}{error.problem}", error.remedy or remedy
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
    return Check(name, State.BROKEN, detail, is_required, remedy)
