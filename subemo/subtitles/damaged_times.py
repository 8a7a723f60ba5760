"""Recovers damaged times if they are unambiguous.

Typing and text recognition damage lines of times: an hour is lost, an arrow
contains a letter. Players then show the words of that cue in the previous one,
or not at all.
"""

from __future__ import annotations

import re

#: ``00:18,500``, ``00:00:18,500``, ``00:00:18:500`` or ``00:00:18``, not followed by more digits;
#: negative times do not match.
_TIME = re.compile(
    r"(?<![\w-])(?<!\d:)(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.:](\d{1,3}))?(?![\w:]|[,.]\d)"
)

#: SubRip's coordinates, WebVTT's settings.
_SETTINGS = re.compile(r"(?:^|(?<=\s))[\w-]+:\S+")

#: The longest plausible cue, in milliseconds; a longer one has lost its hour.
_LONGEST_MS = 60_000


def recovered_times(text: str, *, after_ms: int = 0) -> tuple[int, int] | None:
    """Reads start and end, in milliseconds, from a damaged line of times.

    Args:
        text: the line
        after_ms: start of the previous cue, before which this one cannot start

    Returns:
        None if the line does not have exactly two times in order, if it
        contains words, or if the times cannot be this cue's

    >>> recovered_times(":00:18,500 --> 00:00:20,500")
    (18500, 20500)
    >>> recovered_times("00:00:18,500 -x-> 00:00:20,500", after_ms=12_000)
    (18500, 20500)
    >>> recovered_times("00:00:18,500 --> soon")
    >>> recovered_times("00:00:18,500 --> 00:00:20,500", after_ms=60_000)
    """
    found = list(_TIME.finditer(text))
    if len(found) != 2 or _has_words(text, found):
        return None
    start_ms, end_ms = (_milliseconds(match) for match in found)
    if start_ms is None or end_ms is None:
        return None
    is_likely = after_ms <= start_ms < end_ms <= start_ms + _LONGEST_MS
    return (start_ms, end_ms) if is_likely else None


def _has_words(text: str, times: list[re.Match[str]]) -> bool:
    """Whether there are words before or between the times, or more than settings after them."""
    first, second = times
    damage = text[: first.start()] + text[first.end() : second.start()]
    return sum(map(str.isalpha, damage)) > 1 or has_stray_words(text[second.end() :])


def has_stray_words(behind: str) -> bool:
    """Whether more than settings follows a cue's times.

    >>> has_stray_words("  X1:40 X2:600"), has_stray_words(" align:start"), has_stray_words(" Hello")
    (False, False, True)
    """
    return any(map(str.isalpha, _SETTINGS.sub("", behind)))


def _milliseconds(match: re.Match[str]) -> int | None:
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    if minutes > 59 or seconds > 59:
        return None
    fraction = int((match[4] or "0").ljust(3, "0"))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction
