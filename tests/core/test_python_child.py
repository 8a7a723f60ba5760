from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable

import pytest

from subemo.core.python_child import ChildEndedError, ChildError, Limits, PythonChild

from ..conftest import is_alive, wait_until

LIMITS = Limits(2.0, 256 << 20)


def child(limits: Limits | None = None) -> PythonChild:
    return PythonChild(f"{__name__}:answering", limits=limits)


def answering() -> Callable[[bytes], bytes]:
    """What the child does with each request."""

    def answer(request: bytes) -> bytes:
        match request:
            case b"process":
                return str(os.getpid()).encode()
            case b"fail":
                raise ValueError("no such thing")
            case b"exit":
                os._exit(7)
            case b"abort":
                os.abort()
            case b"sleep":
                time.sleep(600)
            case b"loop":
                while True:
                    pass
            case b"grow":
                return bytes(1 << 30)[:1]
            case b"large":
                return bytes(65 << 20)
            case b"print":
                os.write(1, b"to standard output")
        return request

    return answer


def test_requests_are_answered_in_order() -> None:
    one = child()
    process = one.ask(b"process")
    for request in (b"", b"print", bytes(3 << 20)):
        assert one.ask(request) == request
    with pytest.raises(ChildError, match="no such thing"):
        one.ask(b"fail")
    assert one.ask(b"process") == process


@pytest.mark.parametrize(
    ("request_", "why"), [(b"exit", "exit code 7"), (b"abort", "SIGABRT"), (b"large", "it closed")]
)
def test_after_its_end_another_is_started(request_: bytes, why: str) -> None:
    one = child()
    process = one.ask(b"process")
    with pytest.raises(ChildEndedError, match=why):
        one.ask(request_)
    assert one.ask(b"process") != process


@pytest.mark.parametrize("request_", [b"sleep", b"loop"])
def test_too_long_an_answer(request_: bytes) -> None:
    one = child(LIMITS)
    with pytest.raises(ChildEndedError, match="no answer within 2 s"):
        one.ask(request_)
    assert one.ask(b"again") == b"again"


def test_time_between_requests_does_not_count() -> None:
    one = child(LIMITS)
    process = one.ask(b"process")
    time.sleep(LIMITS.answer_s + 0.5)
    assert one.ask(b"process") == process


def test_too_much_memory() -> None:
    with pytest.raises(ChildError, match="out of memory"):
        child(LIMITS).ask(b"grow")
    assert child().ask(b"grow") == b"\0"


def test_it_ends_with_its_object() -> None:
    one = child()
    process = int(one.ask(b"process"))
    del one
    gc.collect()
    wait_until(lambda: not is_alive(process), "the end of the child")


def test_killed_from_another_thread() -> None:
    one = child()
    process = int(one.ask(b"process"))
    threading.Timer(0.3, one.kill).start()
    with pytest.raises(ChildEndedError, match="SIGKILL"):
        one.ask(b"sleep")
    assert not is_alive(process)
