"""One check of an installation, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..core.errors import SubemoError


class State(StrEnum):
    """What came of a check."""

    OK = "ok"
    #: It is there, and does not all that it could.
    LIMITED = "limited"
    MISSING = "missing"
    #: It is there, and does not work.
    BROKEN = "broken"


@dataclass(frozen=True)
class Check:
    """What came of one check.

    Attributes:
        name: of what was checked
        state: what came of it
        detail: what was found, or what is wrong, in one line
        is_required: whether `subemo annotate` cannot work without it
        remedy: how to get what is missing, as a sentence; nothing where all is there
        data: the same in parts, for a program: text, numbers, and lists of these

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
        """Whether `subemo annotate` cannot work for it."""
        return self.is_required and self.state in (State.MISSING, State.BROKEN)


def checked(name: str, check: Callable[[], Check], *, is_required: bool, remedy: str) -> Check:
    """What comes of a check that may fail in any way: an installation may be broken anywhere.

    Args:
        name: of what is checked
        check: looks at it
        is_required: whether `subemo annotate` needs it, where the check fails
        remedy: what to do then, where the error does not say
    """
    try:
        return check()
    except SubemoError as error:
        where = "" if error.path is None else f"{error.path}: "
        detail, remedy = f"{where}{error.problem}", error.remedy or remedy
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
    return Check(name, State.BROKEN, detail, is_required, remedy)
