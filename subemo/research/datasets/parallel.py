"""Work on all cores."""

from __future__ import annotations

import os
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
    """What a function gives for each item, in order, as soon as it is there.

    Args:
        function: can be pickled: one of a module, or a `functools.partial` of one
        items: what it is called with, each of which can be pickled
        batch_size: how many items a worker is sent at once
    """
    # Only those who compute wait for joblib.
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=os.cpu_count(),
        return_as="generator",
        batch_size=batch_size,
        **worker_options(),
    )
    yield from parallel(delayed(function)(item) for item in items)
