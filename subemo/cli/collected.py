"""Commands that receive dataclasses, each built from the options that belong together."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import field, fields, is_dataclass
from functools import wraps
from typing import Any, TypeVar

import click

from ..core.errors import SettingsError
from .options import in_options

Result = TypeVar("Result")

_REST = "all remaining options"


def rest() -> Any:
    """A field that collects the options that no other field is named after."""
    return field(metadata={_REST: True})


def collected(function: Callable[..., Result]) -> Callable[..., Result]:
    """Makes a command from a function that takes dataclasses instead of single options.

    Each field gets the option of the same name; a field without one keeps its
    default. An option may feed more than one class. A `SettingsError` that a
    class raises in ``__post_init__`` is reported as wrong usage.

    Args:
        function: all of its parameters are annotated with dataclasses

    Returns:
        the function for click to call with all options

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True)
        ... class Place:
        ...     row: int
        ...     column: int
        >>> def show(place: Place) -> str:
        ...     return f"{place.row}/{place.column}"
        >>> collected(show)(row=1, column=2)
        '1/2'
    """
    kinds = _kinds(function)

    @wraps(function)
    def command(**given: Any) -> Result:
        asked = {one.name for kind in kinds for one in fields(kind)}
        others = {name: value for name, value in given.items() if name not in asked}
        takes_rest = any(_REST in one.metadata for kind in kinds for one in fields(kind))
        assert takes_rest or not others, f"options that no dataclass takes: {', '.join(others)}"
        try:
            objects = [_made(kind, given, others) for kind in kinds]
        except SettingsError as error:
            raise click.UsageError(in_options(str(error))) from error
        return function(*objects)

    return command


def _kinds(function: Callable[..., object]) -> list[Any]:
    """The dataclasses that *function* takes, in order."""
    hints = typing.get_type_hints(function)
    kinds = [hints[name] for name in inspect.signature(function).parameters]
    assert all(map(is_dataclass, kinds)), (
        f"{function.__name__} takes parameters that are not dataclasses"
    )
    return kinds


def _made(kind: Any, given: Mapping[str, Any], others: Mapping[str, Any]) -> Any:
    values = {one.name: given[one.name] for one in fields(kind) if one.name in given}
    values |= {one.name: others for one in fields(kind) if _REST in one.metadata}
    return kind(**values)
