"""SIGTERM and SIGHUP end the command line like Ctrl-C, with clean-up."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

#: The signals that end a run, as far as the system has them, and their messages.
_WORDS = {
    getattr(signal, name): words
    for name, words in (
        ("SIGINT", "interrupted"),
        ("SIGTERM", "stopped by SIGTERM"),
        ("SIGHUP", "stopped by SIGHUP"),
    )
    if hasattr(signal, name)
}
#: Delay, in seconds, before a signal is raised again that Python dropped, that came just before
#: a system call without interrupting it, or that a library swallowed.
_DROPPED_S, _MISSED_S, _SWALLOWED_S = 0.01, 0.2, 1.0

#: The innermost `stoppable` block, and whether a signal has ended it.
_block: object = None
_is_stopping = False


class Stopped(SystemExit):
    """Raised in the main thread when SIGTERM or SIGHUP arrives.

    It is not an error: if not caught, the process exits with its exit code and
    prints nothing.

    Args:
        number: the signal's number
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(128 + number)


def signal_of(error: BaseException | None) -> int | None:
    """The signal that caused an exception, even if clean-up failed after it, or None."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, KeyboardInterrupt):
            return signal.SIGINT
        if isinstance(error, Stopped):
            return error.number
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


def leave(number: int) -> int:
    """Reports on standard error that a signal ended the run.

    Returns:
        the exit code, 128 + *number*
    """
    try:
        sys.stderr.write(f"subemo: {_WORDS[number]}; no file is half written\n")
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)  # the terminal is closed
    return 128 + number


def discard(stream: TextIO) -> None:
    """Redirects a broken stream to nowhere, so that it does not fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def stoppable() -> Iterator[None]:
    """Makes SIGTERM and SIGHUP raise `Stopped`, and Ctrl-C KeyboardInterrupt, in this block.

    A signal during the clean-up after another is ignored, so that clean-up is
    completed. A signal is raised again if Python dropped it (in a callback of
    the interpreter), if a library swallowed it, or if it came just before a
    system call without interrupting it. Ignored signals stay ignored (nohup).
    Outside the main thread this does nothing.
    """
    global _block, _is_stopping
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _WORDS}
    hook, outer = sys.unraisablehook, _block
    try:
        _is_stopping = False
        _block, sys.unraisablehook = object(), _again
        for number, handler in before.items():
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                signal.signal(number, _raise)
        with _none_missed():
            yield
    finally:
        _block, sys.unraisablehook = outer, hook
        for number, handler in before.items():
            if signal.getsignal(number) is _raise:
                signal.signal(number, handler)


def let_go() -> None:
    """Makes signals end the process at once, since nothing is left to clean up."""
    global _block
    _block = None
    if _is_stopping:  # half-made objects of libraries raise when finalised
        sys.unraisablehook = _again
    for number in _WORDS:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, signal.SIG_DFL)


def handled() -> None:
    """Marks the caught signal as handled, so that it is not raised again."""
    global _block, _is_stopping
    if _block is not None:
        _block, _is_stopping = object(), False


def _raise(number: int, _: FrameType | None) -> None:
    global _is_stopping
    # In a `finally` or `except` that runs because of a signal, finish handling that one.
    if signal_of(sys.exc_info()[1]) is not None:
        return
    _is_stopping = True
    _send_again(number, _SWALLOWED_S)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise Stopped(number)


@contextmanager
def _none_missed() -> Iterator[None]:
    """Sends a signal again that the main thread has not seen, see `signal.set_wakeup_fd`.

    Python's own handler runs between two instructions. A signal that arrives after
    the last check and before a system call leaves the main thread in that call,
    forever if ffmpeg has stalled.
    """
    if sys.platform == "win32":  # only sockets can be used for wake-up there
        yield
        return
    import _thread

    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _thread.start_new_thread(_send_missed, (reader, _block, _thread.get_ident()))
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writer)


def _send_missed(reader: int, block: object, main_thread: int) -> None:
    import time

    while numbers := os.read(reader, 64):
        time.sleep(_MISSED_S)
        for number in _WORDS.keys() & set(numbers):
            if block is _block and not _is_stopping and signal.getsignal(number) is _raise:
                _interrupt(number, main_thread)
    os.close(reader)


def _interrupt(number: int, main_thread: int) -> None:
    """Sends a signal to the main thread, to interrupt any system call."""
    if sys.platform == "win32":
        import _thread

        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(main_thread, number)


def _again(dropped: UnraisableHookArgs) -> None:
    number = signal_of(dropped.exc_value)
    if number is not None:
        _send_again(number, _DROPPED_S)
    elif not _is_stopping:
        sys.__unraisablehook__(dropped)


def _send_again(number: int, after_s: float) -> None:
    """Sends a signal to the main thread again if the block is still running."""
    import _thread
    import time

    def send(block: object) -> None:
        time.sleep(after_s)
        if block is _block is not None:
            _interrupt(number, main_thread)

    main_thread = _thread.get_ident()
    # Not `threading`, whose locks the main thread may hold when a signal arrives.
    _thread.start_new_thread(send, (_block,))
