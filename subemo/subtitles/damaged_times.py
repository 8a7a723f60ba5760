"""Times that a format's own grammar refuses, read where there is one way to read them.

Typing and text recognition damage the line of a cue's times: an hour is lost, an
arrow has a letter in it. Players then show the words of that cue in the cue
before, or nowhere.
"""

from __future__ import annotations

import re

#: ``00:18,500``, ``00:00:18,500``, ``00:00:18:500`` or ``00:00:18``, and nothing that goes on; a time
#: before the film's beginning is none.
_TIME = re.compile(
    r"(?<![\w-])(?<!\d:)(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.:](\d{1,3}))?(?![\w:]|[,.]\d)"
)

#: SubRip's coordinates, WebVTT's settings.
_SETTINGS = re.compile(r"(?:^|(?<=\s))[\w-]+:\S+")

#: A cue that stays longer than this, in milliseconds, has lost its hour and not its arrow.
_LONGEST_MS = 60_000


def recovered_times(text: str, *, after_ms: int = 0) -> tuple[int, int] | None:
    """Start and end, in milliseconds, in a damaged line of times.

    Args:
        text: the line
        after_ms: when the cue before it begins, which a file's order says is no later

    Returns:
        None where the line does not hold exactly two times, one after the other,
        where it holds words, or where the times cannot be this cue's

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
    """Whether there is more than damage before and between times, or more than settings behind."""
    first, second = times
    damage = text[: first.start()] + text[first.end() : second.start()]
    return sum(map(str.isalpha, damage)) > 1 or has_stray_words(text[second.end() :])


def has_stray_words(behind: str) -> bool:
    """Whether what stands behind a cue's times is more than settings.

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
