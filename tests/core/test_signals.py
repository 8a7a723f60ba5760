"""SIGTERM, SIGHUP and Ctrl-C: raised where they can be cleaned up after, and never lost."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from subemo.core.signals import Stopped, signal_of, stoppable

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
ANY = (KeyboardInterrupt, Stopped)


@pytest.fixture(autouse=True)
def _as_a_command_is_started() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in NUMBERS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0)


def wait_for_signal() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.01)
    pytest.fail("no signal in a minute")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_is_raised(number: int) -> None:
    with pytest.raises(ANY) as caught, stoppable():
        send(number)
        wait_for_signal()
    assert signal_of(caught.value) == number
    if number != signal.SIGINT:
        assert isinstance(caught.value, SystemExit)
        assert caught.value.code == 128 + number
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("number", NUMBERS)
def test_clean_up_is_left_alone(number: int) -> None:
    cleaned = []
    with pytest.raises(ANY) as caught, stoppable(), stoppable():
        try:
            send(signal.SIGTERM)
            wait_for_signal()
        finally:
            for _ in range(3):
                send(number)
            cleaned.append(True)
    assert cleaned == [True]
    assert signal_of(caught.value) == signal.SIGTERM


def test_a_signal_that_is_swallowed_comes_again() -> None:
    with pytest.raises(Stopped), stoppable():
        try:
            send(signal.SIGTERM)
            wait_for_signal()
        except BaseException:
            pass
        wait_for_signal()


def test_a_signal_that_python_drops_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    class Thing:
        pass

    thing = Thing()
    watch = weakref.ref(thing, lambda _: send(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), stoppable():
        del thing
        assert watch() is None
        wait_for_signal()
    assert capsys.readouterr().err == ""


def test_a_signal_that_interrupts_no_system_call_comes_again() -> None:
    reader, writer = os.pipe()
    late: list[bool] = []

    def send_elsewhere() -> None:
        # Python's handler is due in the main thread, which sleeps in a system call.
        time.sleep(0.2)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    def give_up() -> None:
        late.append(True)
        os.write(writer, b"late")

    sender, limit = threading.Thread(target=send_elsewhere), threading.Timer(60, give_up)
    with pytest.raises(Stopped), stoppable():
        sender.start()
        limit.start()
        os.read(reader, 4)
    limit.cancel()
    assert not late, "the signal was not seen in a minute"
    os.close(reader)
    os.close(writer)


def test_what_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stoppable():
        send(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_failure_of_the_clean_up_is_no_error_of_its_own() -> None:
    try:
        try:
            raise Stopped(signal.SIGHUP)
        finally:
            raise OSError("the terminal is gone")
    except OSError as error:
        assert signal_of(error) == signal.SIGHUP
    assert signal_of(ValueError()) is None
    assert signal_of(sys.exc_info()[1]) is None
