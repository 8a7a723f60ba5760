"""Parallel processing on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeVar

from ...core.processes import worker_options

_Result = TypeVar("_Result")
_Item = TypeVar("_Item")


def on_all_cores(
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    *,
    batch_size: int | Literal["auto"] = "auto",
) -> Iterator[_Result]:
    """Maps a function over items in parallel and yields results in order.

    All cores are those that this process may use: joblib counts a container's limit, the
    affinity, and ``LOKY_MAX_CPU_COUNT``.

    Args:
        function: a picklable function: of a module, or a `functools.partial` of one
        items: its picklable arguments
        batch_size: number of items sent to a worker at once
    """
    # joblib is slow to import, so only when needed.
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=-1,
        return_as="generator",
        batch_size=batch_size,
        **worker_options(),
    )
    yield from parallel(delayed(function)(item) for item in items)
