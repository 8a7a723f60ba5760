"""How much can be read in how much time, and what of a cue is too much.

The figures are those of Netflix's Timed Text Style Guides for subtitles for
the deaf and hard of hearing, adult and children's programmes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.settings import check_number

#: Characters a second, by language; the rest reads 20 (adults) or 17 (children).
_ADULTS = {"ar": 23, "hi": 25, "ja": 7, "ko": 14, "zh": 11}
_CHILDREN = {"ar": 20, "hi": 20, "ja": 7, "ko": 11, "zh": 9}
#: Characters a line; the rest has 42.
_LINE = {"ja": 23, "th": 35, "ko": 16, "zh": 16}
#: Scripts whose characters are counted by width: a Latin letter is half a character.
_BY_WIDTH = frozenset({"ja", "ko", "zh"})

#: Text of more characters than this is too long by any limit, however they are counted.
_UNREADABLE = 10_000

#: Two frames at the 24 frames a second of film.
SHORTEST_GAP_MS = 84

#: A cue may be lengthened for its tag by so much: Netflix lets a subtitle stay up to 12
#: frames, half a second, behind its sound.
LONGEST_EXTENSION_MS = 500


@dataclass(frozen=True)
class ReadingLimits:
    """What a viewer can follow.

    Attributes:
        chars_per_second: at most
        chars_per_line: at most
        lines: at most
        shortest_ms: 5/6 s
        longest_ms: 7 s
        by_width: whether a narrow character counts as a half
    """

    chars_per_second: float = 20
    chars_per_line: int = 42
    lines: int = 2
    shortest_ms: int = 833
    longest_ms: int = 7_000
    by_width: bool = False

    def __post_init__(self) -> None:
        for name in ("chars_per_second", "chars_per_line", "lines", "shortest_ms", "longest_ms"):
            is_whole, low = name != "chars_per_second", 0 if name == "shortest_ms" else 1
            check_number(name, getattr(self, name), low=low, is_whole=is_whole)


def limits_for(language: str, *, children: bool = False) -> ReadingLimits:
    """The limits for a language and an audience.

    Args:
        language: a BCP 47 code
        children: whether the programme is for children
    """
    base = language.lower().partition("-")[0]
    speeds = _CHILDREN if children else _ADULTS
    return ReadingLimits(
        chars_per_second=speeds.get(base, 17 if children else 20),
        chars_per_line=_LINE.get(base, 42),
        by_width=base in _BY_WIDTH,
    )


def length(text: str, limits: ReadingLimits) -> float:
    """How many characters *text* has for a reader; accents and marks have no width.

    Of text that no cue can show (`_UNREADABLE`) every character counts.

    >>> length("Zoë\u0301", ReadingLimits())
    3.0
    """
    if len(text) > _UNREADABLE:
        return float(len(text))
    seen = [char for char in text if unicodedata.category(char) not in ("Mn", "Me", "Cf", "Cc")]
    if not limits.by_width:
        return float(len(seen))
    return sum(1 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in seen)


class Limit(StrEnum):
    """What can be too much, or too little."""

    SPEED = "characters a second"
    LINE = "characters a line"
    LINES = "lines"
    SHORT = "shown too short (ms)"
    LONG = "shown too long (ms)"
    GAP = "gap to the next (ms)"


@dataclass(frozen=True)
class Violation:
    """One limit that a cue breaks, with what it has and what it may have."""

    limit: Limit
    value: float
    allowed: float


def reading_violations(
    lines: Sequence[str], duration_ms: int, limits: ReadingLimits
) -> list[Violation]:
    """What of a text is more than can be read while it is shown.

    Args:
        lines: its lines, without markup
        duration_ms: how long it is shown
        limits: see `limits_for`
    """
    found = []
    speed = chars_per_second(lines, duration_ms, limits)
    if speed > limits.chars_per_second:
        found.append(Violation(Limit.SPEED, speed, limits.chars_per_second))
    longest = max((length(line, limits) for line in lines), default=0)
    if longest > limits.chars_per_line:
        found.append(Violation(Limit.LINE, longest, limits.chars_per_line))
    if len(lines) > limits.lines:
        found.append(Violation(Limit.LINES, len(lines), limits.lines))
    return found


def timing_violations(
    duration_ms: int, gap_ms: int | None, limits: ReadingLimits
) -> list[Violation]:
    """What of a cue's times nobody can follow.

    Args:
        duration_ms: how long it is shown
        gap_ms: until the next cue; 0 where that follows at once, None where
            there is none, negative where they overlap
        limits: see `limits_for`
    """
    found = []
    if duration_ms < limits.shortest_ms:
        found.append(Violation(Limit.SHORT, duration_ms, limits.shortest_ms))
    if duration_ms > limits.longest_ms:
        found.append(Violation(Limit.LONG, duration_ms, limits.longest_ms))
    if gap_ms is not None and 0 < gap_ms < SHORTEST_GAP_MS - 1:
        found.append(Violation(Limit.GAP, gap_ms, SHORTEST_GAP_MS))
    return found


def chars_per_second(lines: Iterable[str], duration_ms: int, limits: ReadingLimits) -> float:
    """The speed at which a text must be read; infinite where it is shown for no time."""
    chars = sum(length(line, limits) for line in lines)
    if duration_ms <= 0:
        return math.inf if chars else 0.0
    return chars * 1000 / duration_ms


def could_be_extended(old_end_ms: int | None, end_ms: int | None) -> bool:
    """Whether subemo could have moved a cue's end from one time, in milliseconds, to the other."""
    if old_end_ms is None or end_ms is None:
        return False
    return 0 < end_ms - old_end_ms <= LONGEST_EXTENSION_MS


def needed_ms(lines: Iterable[str], limits: ReadingLimits) -> int:
    """How long a text must be shown to be read."""
    chars = sum(length(line, limits) for line in lines)
    return math.ceil(chars * 1000 / limits.chars_per_second)
