"""Formatting times, and measuring elapsed time."""

from __future__ import annotations

import time

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400

HOUR_MS, DAY_MS = 1_000 * _HOUR_S, 1_000 * _DAY_S


def clock(milliseconds: int, *, hour_digits: int = 2) -> str:
    """Formats a time for captions, hours first, to the millisecond.

    Args:
        milliseconds: since the beginning, 0 or more
        hour_digits: the minimum number of digits of the hours

    >>> clock(3_723_004), clock(3_723_004, hour_digits=1)
    ('01:02:03.004', '1:02:03.004')
    """
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_clock(seconds, hour_digits=hour_digits)}.{rest:03}"


def clock_in_days(seconds: float) -> str:
    """Formats a time for people, to the second, of any size.

    >>> clock_in_days(3723.5), clock_in_days(-2), clock_in_days(315_360_010)
    ('1:02:03', '-0:00:02', 'day 3650, 0:00:10')
    """
    whole = int(abs(seconds))
    days, rest = divmod(whole, _DAY_S)
    sign = "-" if seconds < 0 and whole else ""
    day = f"day {days}, " if days else ""
    return f"{sign}{day}{_clock(rest, hour_digits=1)}"


def _clock(seconds: int, *, hour_digits: int) -> str:
    hours, rest = divmod(seconds, _HOUR_S)
    minutes, rest = divmod(rest, _MINUTE_S)
    return f"{hours:0{hour_digits}}:{minutes:02}:{rest:02}"


class Stopwatch:
    """Measures elapsed time with a monotonic clock, from its creation."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Elapsed seconds."""
        return time.monotonic() - self._started
