"""Child processes that run a function of ours: what they run may hang, grow or crash without us.

The child reads requests from its standard input and answers them one after the other.
A request may be anything; an answer is bytes, so that a child that runs a stranger's
model, and is in the stranger's hands at worst, cannot make this process run anything.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import IO

from .processes import end, end_with, start

#: The largest answer, in bytes.
_LARGEST = 64 << 20
_LENGTH = 8
_ANSWER, _ERROR = b"+", b"-"
#: The exit code of a child that took too long, see `faulthandler.dump_traceback_later`.
_TOO_LONG = 1

_SCRIPT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from subemo.core.python_child import main; main(*sys.argv[2:])"
)


@dataclass(frozen=True)
class Limits:
    """What a child may use.

    Attributes:
        answer_s: the longest time for an answer, in seconds
        memory: memory beyond what it needs to begin, in bytes; enforced on Linux
    """

    answer_s: float
    memory: int


class ChildError(Exception):
    """The function in the child failed, with this message."""


class ChildEndedError(Exception):
    """The child ended instead of answering, with this reason in a few words."""


class PythonChild:
    """A process that answers requests; it is started by the first one.

    One thread at a time may use it. It ends with this process, when it is no longer referenced, and
    after any failure; the next request starts another.

    Args:
        target: ``module:function``; without arguments it returns the function that answers
        limits: of each request; None for a child that is trusted
        environment: variables set for it
    """

    def __init__(
        self,
        target: str,
        *,
        limits: Limits | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._target, self._limits = target, limits
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: bytes) -> bytes:
        """Sends a request and waits for its answer.

        Raises:
            ChildError: if its function raised an exception
            ChildEndedError: if it ended, was ended, or exceeded its limits
            OSError: if it cannot be started
        """
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        try:
            try:
                _send(process.stdin, request)
                answer = _receive(process.stdout, _LARGEST)
            except (EOFError, BrokenPipeError, ConnectionError) as error:
                raise ChildEndedError(self._why(process)) from error
        except (
            BaseException
        ):  # a signal, too: what it answers next is no answer to the next request
            self.end()
            raise
        if answer[:1] == _ERROR:
            raise ChildError(answer[1:].decode("utf-8", "replace"))
        return answer[1:]

    def end(self) -> None:
        """Ends the process at once; in the thread that uses it."""
        process, self._process = self._process, None
        if process is not None:
            _end(process, os.getpid())

    def kill(self) -> None:
        """Kills the process, from any thread: one that waits for its answer gets `ChildEndedError`."""
        process = self._process
        if process is not None:
            process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        path = json.dumps([str(Path(place).absolute()) for place in sys.path])
        limits = "" if self._limits is None else json.dumps(asdict(self._limits))
        process = start(
            [sys.executable, "-I", "-c", _SCRIPT, path, self._target, str(os.getpid()), limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if self._limits is None else subprocess.DEVNULL,
            env=self._environment,
            bufsize=0,
        )
        self._process = process
        weakref.finalize(self, _end, process, os.getpid())
        return process

    def _why(self, process: subprocess.Popen[bytes]) -> str:
        try:
            code = process.wait(1)
        except subprocess.TimeoutExpired:
            return "it closed its connection"
        if code == _TOO_LONG and self._limits is not None:
            return f"no answer within {self._limits.answer_s:g} s"
        if code >= 0:
            return f"exit code {code}"
        with suppress(ValueError):
            return signal.Signals(-code).name
        return f"signal {-code}"


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    if os.getpid() == owner:  # a fork has a copy of the object, but not the process
        end(process)


def main(target: str, parent: str, limits: str) -> None:
    """Answers requests until there are no more; runs in the child."""
    # Native libraries print to standard output.
    source, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    end_with(int(parent))
    module, _, name = target.partition(":")
    answer: Callable[[bytes], bytes] = getattr(import_module(module), name)()
    limit = Limits(**json.loads(limits)) if limits else None
    if limit is not None:
        _limit_memory(limit.memory)
    with suppress(EOFError, BrokenPipeError):
        while True:
            request = _receive(source, sys.maxsize)
            if limit is not None:
                faulthandler.dump_traceback_later(limit.answer_s, exit=True, file=null)
            _send(answers, _answered(answer, request))
            faulthandler.cancel_dump_traceback_later()
    os._exit(0)


def _answered(answer: Callable[[bytes], bytes], request: bytes) -> bytes:
    try:
        return _ANSWER + answer(request)
    except MemoryError:
        return _ERROR + b"out of memory"
    except Exception as error:
        return _ERROR + str(error).encode("utf-8", "replace")


def _limit_memory(more: int) -> None:
    """Limits this process's memory to what it uses now and *more*."""
    if sys.platform != "linux":
        return  # macOS has such a limit, but does not enforce it
    import resource

    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(stream: IO[bytes], data: bytes) -> None:
    for part in (len(data).to_bytes(_LENGTH, "little"), data):
        rest = memoryview(part)
        while rest:
            rest = rest[stream.write(rest) :]


def _receive(stream: IO[bytes], largest: int) -> bytes:
    """The next message.

    Raises:
        EOFError: if there is none, it is cut off, or larger than *largest*
    """
    length = int.from_bytes(_exactly(stream, _LENGTH), "little")
    if length > largest:
        raise EOFError
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = stream.read(min(size - len(found), 1 << 20))
        if not part:
            raise EOFError
        found += part
    return bytes(found)
