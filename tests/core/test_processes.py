"""Other programs end when the process that started them does, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, AnyStr

import pytest

from subemo.core.processes import GUARD, Child, reaped, start

from ..conftest import children, is_alive, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")

#: A program with a child of its own; prints both their numbers.
FAMILY = ["sh", "-c", "sleep 1000 & echo $$ $!; wait"]


def pipe(stream: IO[AnyStr] | None) -> IO[AnyStr]:
    """A pipe that was asked for."""
    assert stream is not None
    return stream


def guard_of(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    assert isinstance(process, Child)
    return process.guard


def of_a_parent(ending: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A process that has started `FAMILY` and then does *ending*, and the numbers of the family."""
    code = (
        "import os, subprocess, sys, time\n"
        "from subemo.core.processes import reaped, start\n"
        f"process = start({FAMILY!r}, stdout=subprocess.PIPE)\n"
        "print(process.stdout.readline().decode(), process.guard.pid, flush=True)\n"
        f"sys.stdin.readline()\n{ending}\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    family = [int(part) for _ in range(2) for part in pipe(parent.stdout).readline().split()]
    assert len(family) == 3
    assert all(map(is_alive, family))
    return parent, family


@pytest.mark.parametrize(
    "ending",
    [
        "os.kill(os.getpid(), 9)",
        "os.kill(os.getpid(), 15)",
        "os._exit(3)",
        "raise ValueError",
        "pass",
        # A fork that lives on does not hide the end of its parent.
        "os.fork() or time.sleep(1000); os._exit(0)",
    ],
)
def test_it_ends_with_its_parent(ending: str) -> None:
    parent, family = of_a_parent(ending)
    pipe(parent.stdin).write("\n")
    pipe(parent.stdin).close()
    parent.wait()
    wait_until(lambda: not any(map(is_alive, family)), "the family has ended")
    pipe(parent.stdout).close()


def test_it_lives_as_long_as_its_parent() -> None:
    parent, family = of_a_parent("sys.stdin.read()")
    pipe(parent.stdin).write("\n")
    pipe(parent.stdin).flush()
    assert all(map(is_alive, family))
    parent.communicate()
    wait_until(lambda: not any(map(is_alive, family)), "the family has ended")


def test_all_passes_straight_through(tmp_path: Path) -> None:
    inner, outer = os.pipe()
    process = start(
        ["sh", "-c", f"cat; echo two >&2; echo three > /dev/fd/{outer}; pwd >&2; exit 7"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        pass_fds=[outer], cwd=tmp_path,
    )  # fmt: skip
    with reaped(process):
        out, errors = process.communicate(b"one")
        assert (out, errors.split()) == (b"one", [b"two", bytes(tmp_path)])
    assert process.returncode == 7
    os.close(outer)
    with os.fdopen(inner, "rb") as file:
        assert file.read() == b"three\n"


def test_the_block_ends_the_whole_family() -> None:
    before = children()
    process = start(FAMILY, stdout=subprocess.PIPE)
    with reaped(process):
        family = [int(part) for part in pipe(process.stdout).readline().split()]
        assert all(map(is_alive, family))
    assert process.returncode == -signal.SIGKILL
    wait_until(lambda: not any(map(is_alive, family)), "the family has ended")
    assert children() <= before


def test_what_outlives_its_program_is_ended_too() -> None:
    process = start(["sh", "-c", "sleep 1000 >&- & echo $!"], stdout=subprocess.PIPE)
    with reaped(process):
        left = int(pipe(process.stdout).readline())
        assert process.wait() == 0
        assert is_alive(left)
    wait_until(lambda: not is_alive(left), "what was left has ended")


def test_killed_itself_it_is_just_gone() -> None:
    before = children()
    process = start(["sleep", "1000"])
    with reaped(process):
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert children() <= before


def test_no_such_program() -> None:
    before = children()
    with pytest.raises(FileNotFoundError):
        start(["/nowhere/no-program"])
    assert children() <= before


def test_the_guard_is_known_by_its_name() -> None:
    process = start(["sleep", "1000"])
    with reaped(process):
        command = Path(f"/proc/{guard_of(process).pid}/cmdline").read_bytes().split(b"\0")
        assert command[-3:-1] == [GUARD.encode(), str(os.getpid()).encode()]
        # Whatever signal comes but SIGKILL, it stays at its post.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            os.kill(guard_of(process).pid, number)
        assert guard_of(process).poll() is None


@pytest.mark.parametrize("code", ["end_with(parent)", "end_with(2 ** 22 + 1)"])
def test_a_worker_ends_with_its_parent(code: str) -> None:
    worker = (
        "import os, time; from subemo.core.processes import end_with\n"
        "parent = os.getppid(); print(os.getpid(), flush=True)\n"
        f"{code}; time.sleep(1000)"
    )
    parent = subprocess.Popen(
        ["sh", "-c", '"$0" -c "$1" & wait', sys.executable, worker],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    number = int(pipe(parent.stdout).readline())
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_alive(number), "the worker has ended")
    pipe(parent.stdout).close()


def test_a_worker_leaves_the_signals_of_a_terminal_to_its_parent() -> None:
    worker = (
        "import os, signal; from subemo.core.processes import end_with\n"
        "end_with(os.getppid())\n"
        "for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):\n"
        "    os.kill(os.getpid(), number)\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", worker], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "alive\n")
