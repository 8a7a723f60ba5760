"""Reading limits, and the cues that break them.

The limits are those of Netflix's Timed Text Style Guides for subtitles for
the deaf and hard of hearing, for adult and children's programmes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.settings import check_number

#: Characters per second by language; the default is 20 (adults) or 17 (children).
_ADULTS = {"ar": 23, "hi": 25, "ja": 7, "ko": 14, "zh": 11}
_CHILDREN = {"ar": 20, "hi": 20, "ja": 7, "ko": 11, "zh": 9}
#: Characters per line by language; the default is 42.
_LINE = {"ja": 23, "th": 35, "ko": 16, "zh": 16}
#: Scripts counted by width, in which a Latin letter is half a character.
_BY_WIDTH = frozenset({"ja", "ko", "zh"})

#: Text with more characters than this exceeds any limit, however counted.
_UNREADABLE = 10_000

#: Two frames at 24 frames per second.
SHORTEST_GAP_MS = 84

#: The longest extension of a cue for its tag: Netflix allows a subtitle to stay up to 12
#: frames, half a second, after its sound.
LONGEST_EXTENSION_MS = 500


@dataclass(frozen=True)
class ReadingLimits:
    """The reading limits of an audience.

    Attributes:
        chars_per_second: maximum
        chars_per_line: maximum
        lines: maximum
        shortest_ms: shortest duration, 5/6 s
        longest_ms: longest duration, 7 s
        by_width: whether a narrow character counts as a half

    Example:
        >>> ReadingLimits(chars_per_second=15, chars_per_line=37).lines
        2
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
    """The length of *text* in characters; combining marks have no width.

    In text that is too long for any cue (`_UNREADABLE`) every character counts.

    >>> length("Zoë\u0301", ReadingLimits())
    3.0
    """
    if len(text) > _UNREADABLE:
        return float(len(text))
    seen: Sequence[str] = text
    if not (text.isascii() and text.isprintable()):
        seen = [c for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc")]
    if not limits.by_width:
        return float(len(seen))
    return sum(1 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in seen)


class Limit(StrEnum):
    """The kinds of limits."""

    SPEED = "characters a second"
    LINE = "characters a line"
    LINES = "lines"
    SHORT = "shown too short (ms)"
    LONG = "shown too long (ms)"
    GAP = "gap to the next (ms)"


@dataclass(frozen=True)
class Violation:
    """A limit that a cue breaks, with its value and the allowed value."""

    limit: Limit
    value: float
    allowed: float


def reading_violations(
    lines: Sequence[str], duration_ms: int, limits: ReadingLimits
) -> list[Violation]:
    """The limits on speed, line length and lines that a text breaks.

    Args:
        lines: its lines, without markup
        duration_ms: its duration
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
    """The limits on duration and gap that a cue breaks.

    Args:
        duration_ms: its duration
        gap_ms: until the next cue; 0 if that follows at once, None if
            there is none, negative if they overlap
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
    """The reading speed of a text; infinite for a duration of 0."""
    chars = sum(length(line, limits) for line in lines)
    if duration_ms <= 0:
        return math.inf if chars else 0.0
    return chars * 1000 / duration_ms


def could_be_extended(old_end_ms: int | None, end_ms: int | None) -> bool:
    """Whether subemo could have moved a cue's end from one time to another, in milliseconds."""
    if old_end_ms is None or end_ms is None:
        return False
    return 0 < end_ms - old_end_ms <= LONGEST_EXTENSION_MS


def needed_ms(lines: Iterable[str], limits: ReadingLimits) -> int:
    """The shortest readable duration of a text."""
    chars = sum(length(line, limits) for line in lines)
    return math.ceil(chars * 1000 / limits.chars_per_second)
