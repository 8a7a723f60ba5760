"""Native libraries among threads and forks: what is loaded once, and used by one thread at a time.

A network in LiteRT keeps its input, its intermediate values and its output in one place,
so two threads that use it at once give each other's answers. ONNX Runtime's sessions may be
shared by threads, but nothing native survives a fork for sure: its threads and locks do not
exist in the copy. So a process that was forked loads its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, update_wrapper
from threading import Lock, RLock
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakSet

Loaded = TypeVar("Loaded")
Arguments = ParamSpec("Arguments")


#: Whose `forget` a fork calls, while it has one thread.
_every: WeakSet[Any] = WeakSet()
#: What a fork inherited; freeing it could wait for threads that are not there.
_inherited: list[object] = []


def _forget_all() -> None:
    for one in list(_every):
        _inherited.append(one.forget())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


class Exclusive(Generic[Loaded]):
    """Something that is loaded on first use, once in a process, and used by one thread at a time.

    Args:
        load: loads it; an error is raised again by each use

    Example:
        >>> buffer = Exclusive(list)
        >>> with buffer.use() as held:
        ...     held.append(1)
        >>> with buffer.use() as held:
        ...     held
        [1]
    """

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load = load
        self._lock = Lock()
        self._loaded: list[Loaded] = []
        _every.add(self)

    @contextmanager
    def use(self) -> Iterator[Loaded]:
        """Loads it if it is not, and keeps other threads from it in this block."""
        with self._lock:
            if not self._loaded:
                self._loaded.append(self._load())
            yield self._loaded[0]

    def forget(self) -> object:
        """Forgets what a fork must not use, and returns it."""
        inherited, self._loaded, self._lock = self._loaded, [], Lock()
        return inherited


class LoadedOnce(Generic[Arguments, Loaded]):
    """A function that loads something which threads may share; see `loaded_once`."""

    def __init__(self, load: Callable[Arguments, Loaded], most: int) -> None:
        self._load, self._most = load, most
        self._start()
        update_wrapper(self, load)
        _every.add(self)

    def _start(self) -> None:
        # Loading may need what the same function loads for other arguments.
        self._lock = RLock()
        self._cached = lru_cache(self._most)(self._load)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Loaded:
        """Loads it, or returns what was loaded; other threads wait for that."""
        with self._lock:
            return self._cached(*args, **kwargs)  # type: ignore[arg-type]

    def forget(self) -> object:
        """Forgets what a fork must not use, and returns it."""
        inherited = self._cached
        self._start()
        return inherited


def loaded_once(
    most: int,
) -> Callable[[Callable[Arguments, Loaded]], LoadedOnce[Arguments, Loaded]]:
    """Makes a function load once for all threads of a process; for models that threads may share.

    Args:
        most: the number of results that are kept

    Example:
        >>> @loaded_once(2)
        ... def load(name: str) -> list[str]:
        ...     return [name]
        >>> load("a") is load("a")
        True
    """
    return lambda load: LoadedOnce(load, most)


class _OneBlasThread:
    """Whose work in this process needs BLAS to have one thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._limits: Any = None
        _every.add(self)

    def enter(self) -> None:
        with self._lock:
            if not self._users:
                from threadpoolctl import threadpool_limits

                self._limits = threadpool_limits(limits=1, user_api="blas")
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self._limits.restore_original_limits()

    def forget(self) -> object:
        """Forgets what a fork must not use, and returns it."""
        self._lock, self._users = Lock(), 0
        return self._limits


_one_blas_thread = _OneBlasThread()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limits BLAS to one thread, in the whole process, until the last such block is left.

    The matrix products are small, and the threads that share them busy-wait for
    each other on the core on which ffmpeg decodes: for a two-hour film that
    doubled the time.
    """
    _one_blas_thread.enter()
    try:
        yield
    finally:
        _one_blas_thread.leave()


#: Read when ONNX Runtime is imported; switching telemetry off later leaves files behind.
_VARIABLE = "ORT_DISABLE_TELEMETRY"


def disable_telemetry() -> None:
    """Switches telemetry off; call it before a package that imports ONNX Runtime is imported.

    Without it, ONNX Runtime writes an identifier of the machine into the user's cache
    and looks up a server on the network.
    """
    os.environ[_VARIABLE] = "1"


def load_onnx_runtime() -> Any:
    """Imports ONNX Runtime."""
    disable_telemetry()
    import onnxruntime

    return onnxruntime
