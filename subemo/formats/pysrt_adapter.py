"""A thin wrapper of pysrt, which parses one block at a time."""

from __future__ import annotations

import re
from functools import lru_cache

from pysrt import SubRipItem, SubRipTime
from pysrt.srtexc import Error

# pysrt reads letters or an empty string as the number 0.
# No film needs more digits than this.
_TIME = r"\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*({_TIME})(?:\s|$)")


@lru_cache(maxsize=8192)  # captions are parsed again before they are written
def parse_times(line: str) -> tuple[int, int, tuple[int, int]] | None:
    """Parses start, end and the position of the end time in ``00:00:12,000 --> 00:00:15,000``.

    Returns:
        start and end in milliseconds, and the span of characters of the
        end time; None if pysrt cannot read the line
    """
    match = _TIMES.match(line)
    if match is None:
        return None
    try:
        item = SubRipItem.from_lines([line, ""])
    except (Error, ValueError):  # int() refuses thousands of digits with ValueError
        return None
    return int(item.start.ordinal), int(item.end.ordinal), match.span(1)


def parse_time(text: str) -> int | None:
    """The milliseconds of a time such as ``00:00:12,000``, or None."""
    found = parse_times(f"{text} --> {text}") if re.fullmatch(_TIME, text) else None
    return None if found is None else found[0]


@lru_cache(maxsize=8192)
def format_time(milliseconds: int) -> str:
    """Formats a time for SubRip."""
    return str(SubRipTime(milliseconds=milliseconds))


def format_block(number: int, start_ms: int, end_ms: int, text: str) -> str:
    """Formats a block of an .srt file, with its final newline."""
    # Cached, since captions are made with and without tags.
    return f"{number}\n{format_time(start_ms)} --> {format_time(end_ms)}\n{text}\n"
