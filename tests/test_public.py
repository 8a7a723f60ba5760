"""The public API is closed: what public functions take or return is public, too."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np
import numpy.typing as npt

import subemo
from subemo.core import errors

PUBLIC = {name: getattr(subemo, name) for name in subemo.__all__}


def _types(annotation: Any) -> Iterator[type]:
    """The classes that an annotation names."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    if isinstance(annotation, list):  # the parameters of a callable
        parts: tuple[Any, ...] = tuple(annotation)
    else:
        parts = typing.get_args(annotation)
    for part in parts:
        yield from _types(part)


def _hints(annotated: Any) -> dict[str, Any]:
    """Its annotations, with what is imported for type checks only."""
    return typing.get_type_hints(annotated, localns={"np": np, "npt": npt, **PUBLIC})


def _annotations(named: Any) -> Iterator[tuple[str, Any]]:
    """The annotations of a function, or of the fields and public methods of a class of ours."""
    if not isinstance(named, type):
        if callable(named):
            yield from _hints(named).items()
        return
    for kind in named.__mro__:
        if not kind.__module__.startswith("subemo."):
            continue
        yield from (one for one in _hints(kind).items() if not one[0].startswith("_"))
        for name, member in vars(kind).items():
            if name.startswith("_") and name not in ("__init__", "__call__", "__getitem__"):
                continue
            function = _function(member)
            if function is not None:
                yield from ((f"{name}.{one}", hint) for one, hint in _hints(function).items())


def _function(member: object) -> FunctionType | None:
    if isinstance(member, property):
        member = member.fget
    elif isinstance(member, functools.cached_property):
        member = member.func
    elif isinstance(member, classmethod | staticmethod):
        member = member.__func__
    return member if inspect.isfunction(member) else None


def test_what_public_names_take_or_return_is_public() -> None:
    public = {id(one) for one in PUBLIC.values()}
    hidden = {
        f"{kind.__module__}.{kind.__qualname__}, in {name}.{where}"
        for name, named in PUBLIC.items()
        for where, annotation in _annotations(named)
        for kind in _types(annotation)
        if kind.__module__.startswith("subemo.") and id(kind) not in public
    }
    assert hidden == set()


def test_every_name_is_there_once_and_in_order() -> None:
    assert sorted(set(subemo.__all__)) == subemo.__all__
    assert set(subemo.__all__) <= set(dir(subemo))


def test_every_error_is_public() -> None:
    assert {name for name in vars(errors) if name.endswith("Error")} <= set(subemo.__all__)
