"""Child processes that end when this process does, however it ends.

A program is started in its own process group. The group's leader is a one-line
shell, the guard, which reads from a pipe whose other end only this process
holds. When this process ends (even by SIGKILL), the pipe closes and the guard
kills the group, itself included. The program joins the group before it closes
its inherited end of the pipe, so it never runs unguarded. While the guard is
not reaped, its group's number is not reused, so killing the group cannot hit
another process.

Windows has no such process groups: there, programs are started without a guard
and end when their output pipe is closed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

#: Identifies a guard in a list of processes; the number of its process follows.
GUARD = "subemo-guard"

_SHELL = "/bin/sh"
# Only the closing of the pipe or SIGKILL ends it.
_SCRIPT = "trap '' HUP INT QUIT TERM TSTP; read -r line; kill -9 0"
#: How often a worker checks its parent, in seconds.
_EVERY_S = 0.5

_guards: WeakSet[subprocess.Popen[bytes]] = WeakSet()


class Child(subprocess.Popen[bytes]):
    """A running program, and its guard."""

    def __init__(
        self, command: Sequence[str], guard: subprocess.Popen[bytes], **options: Any
    ) -> None:
        self.guard = guard
        super().__init__(command, process_group=guard.pid, **options)


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Starts a program that ends, with its descendants, when this process ends.

    Hand it to `reaped` at once. Ctrl-C on a terminal does not reach it; the
    caller has to end it.

    Args:
        command: the program and its arguments; run without a shell
        options: those of `subprocess.Popen`, except ``process_group`` and
            ``start_new_session``

    Raises:
        OSError: if the program is missing or cannot be started
    """
    if sys.platform == "win32" or not Path(_SHELL).exists():
        return subprocess.Popen(command, **options)
    guard = subprocess.Popen(
        [_SHELL, "-c", _SCRIPT, GUARD, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={},
        process_group=0,
    )
    _guards.add(guard)
    try:
        return Child(command, guard, **options)
    except BaseException:
        _end(guard)
        raise


@contextmanager
def reaped(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends a process and its group when the block is left, also by Ctrl-C."""
    try:
        yield
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process of `start` and its group at once, and reaps it."""
    if isinstance(process, Child):
        _end(process.guard)
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            # Data for a pipe that is closed.
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def _end(guard: subprocess.Popen[bytes]) -> None:
    """Kills a guard's group and reaps the guard."""
    if guard.returncode is None:
        with suppress(ProcessLookupError, PermissionError):  # macOS: all its processes are zombies
            os.killpg(guard.pid, signal.SIGKILL)
    if guard.stdin is not None:
        guard.stdin.close()
    guard.wait()


def _forget_guards() -> None:
    # A fork that kept their pipes open would hide the end of this process from the guards.
    for guard in _guards:
        if guard.stdin is not None:
            guard.stdin.close()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget_guards)


def worker_options() -> dict[str, Any]:
    """Settings of joblib that make its workers end with this process; see `end_with`."""
    # Closing the terminal also ends loky's tracker; loky starts another.
    warnings.filterwarnings("ignore", "resource_tracker: process died unexpectedly")
    return {"initializer": end_with, "initargs": (os.getpid(),)}


def end_with(parent: int) -> None:
    """Ends this process soon after its parent, and ignores Ctrl-C, SIGTERM and SIGHUP.

    A terminal sends these to the whole group, and the parent would report a worker
    that ends by itself as an error. The parent ends its workers with SIGKILL.

    Args:
        parent: the parent's process number; it may have ended already
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    # On Windows a process keeps the number of a parent that has ended.
    while os.getppid() == parent:
        time.sleep(_EVERY_S)
    os._exit(1)
