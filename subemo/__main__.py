"""`python -m subemo`, and the installed command."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: The exit code that shells expect of a program whose reader has left: 128 plus SIGPIPE.
_READER_LEFT = 141


def run() -> None:
    """Runs the command line and leaves with its exit code.

    What cannot be written to standard output makes the code 1, or 141 for a pipe
    that nobody reads. A standard error that cannot be written changes nothing.
    """
    _open_closed()
    output, errors = _Guarded(1, sys.stdout), _Guarded(2, sys.stderr)
    sys.stdout, sys.stderr = output.text(), errors.text()
    # Imports take longer than many commands, so signals are handled during them too.
    try:
        from .core.signals import let_go, stoppable

        with stoppable():
            try:
                from .cli import main

                code: Any = main()
            finally:
                let_go()
    except (KeyboardInterrupt, SystemExit) as error:
        from .core.signals import leave, signal_of

        number = signal_of(error)
        code = getattr(error, "code", 1) if number is None else leave(number)
    sys.stdout.flush()
    failed = output.failure()
    sys.exit(code or failed)


class _Guarded(io.RawIOBase):
    """A standard stream that discards what cannot be written, and remembers why.

    No command ends half-way because nobody reads what it prints, and Python,
    which flushes the streams at exit, does not fail again.

    Args:
        number: its file descriptor
        old: Python's own stream; None if the caller has closed it
    """

    def __init__(self, number: int, old: TextIO | None) -> None:
        self._old: Any = old
        buffer = getattr(old, "buffer", None) or io.FileIO(number, "w", closefd=False)
        self._raw = getattr(buffer, "raw", buffer)
        self._error: OSError | None = None

    def text(self) -> TextIO:
        """The stream of text, like Python's own."""
        return io.TextIOWrapper(
            io.BufferedWriter(self),
            encoding=getattr(self._old, "encoding", "utf-8"),
            # Text that the terminal cannot encode must never end the run.
            errors="backslashreplace",
            line_buffering=getattr(self._old, "line_buffering", False),
        )

    def failure(self) -> int:
        """The exit code. The reason is printed, unless a pipe's reader has left."""
        if self._error is None:
            return 0
        if self._error.errno == errno.EPIPE:
            return _READER_LEFT
        why = "it is closed" if self._error.errno == errno.EBADF else self._error.strerror
        sys.stderr.write(f"subemo: error: cannot write to standard output: {why}\n")
        return 1

    def write(self, data: ReadableBuffer) -> int | None:
        if self._error is None:
            try:
                written: int | None = self._raw.write(data)
                return written
            except OSError as error:
                self._error = error
        return memoryview(data).nbytes

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        return bool(self._raw.isatty())


def _open_closed() -> None:
    """Opens standard streams that the caller has closed.

    Otherwise an output file could get the number of one, and child processes would
    write into it. Writing to a closed standard output must fail, so it is opened for reading.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, mode), True)  # gets the lowest free number


if __name__ == "__main__":
    run()
