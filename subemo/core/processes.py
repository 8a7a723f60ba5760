"""Other programs, which end when this process does, however it ends.

A program is started into a process group of its own. The group's leader is a
shell of one line, the guard: it reads from a pipe whose other end this process
alone holds. When that end is gone, so is this process (also by SIGKILL), and
the guard kills the group, itself included. The program joins the group before
it gives up what it has inherited of the pipe, so there is no moment at which
it runs unguarded. As long as the guard is not reaped, its group's number is
nobody else's, and killing the group can hit no stranger.

Windows has no process groups of this kind: programs are started plainly there,
and end when they find nobody who reads what they write.
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

#: Marks a guard in a list of processes; the number of its process follows.
GUARD = "subemo-guard"

_SHELL = "/bin/sh"
# Only the end of the pipe, or SIGKILL, ends it.
_SCRIPT = "trap '' HUP INT QUIT TERM TSTP; read -r line; kill -9 0"
#: How often a worker looks for its parent, in seconds.
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
    """Starts a program that ends, with all that it starts, when this process ends.

    Leave it to `reaped` at once. Ctrl-C on a terminal does not reach it: whoever
    started it ends it.

    Args:
        command: the program and its arguments; no shell reads them
        options: those of `subprocess.Popen`, but for ``process_group`` and
            ``start_new_session``

    Raises:
        OSError: if there is no such program, or it cannot be started
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
    """Sees to it that a process and its group are gone when the block is left, also by Ctrl-C."""
    try:
        yield
    finally:
        if isinstance(process, Child):
            _end(process.guard)
        process.kill()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                # What was written to a pipe that nobody reads any more.
                with suppress(BrokenPipeError):
                    pipe.close()
        process.wait()


def _end(guard: subprocess.Popen[bytes]) -> None:
    """Kills a guard's group, and reaps the guard."""
    if guard.returncode is None:
        with suppress(ProcessLookupError, PermissionError):  # macOS: all of it are zombies
            os.killpg(guard.pid, signal.SIGKILL)
    if guard.stdin is not None:
        guard.stdin.close()
    guard.wait()


def _forget_guards() -> None:
    # A fork that kept their pipes open would hide the end of this process from them.
    for guard in _guards:
        if guard.stdin is not None:
            guard.stdin.close()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget_guards)


def worker_options() -> dict[str, Any]:
    """The settings of joblib with which its workers end when this process does: see `end_with`."""
    # A terminal that is closed ends loky's tracker, too; loky starts another.
    warnings.filterwarnings("ignore", "resource_tracker: process died unexpectedly")
    return {"initializer": end_with, "initargs": (os.getpid(),)}


def end_with(parent: int) -> None:
    """Ends this process soon after its parent, and leaves Ctrl-C, SIGTERM and SIGHUP to the parent.

    A terminal sends them to the whole group, and a worker that ends by itself is
    an error to the parent. The parent ends its workers by SIGKILL.

    Args:
        parent: the parent's number; it may be gone already
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    # On Windows the number of a parent that is gone stays as it was.
    while os.getppid() == parent:
        time.sleep(_EVERY_S)
    os._exit(1)
