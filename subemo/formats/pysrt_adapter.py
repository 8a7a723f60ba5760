"""pysrt behind one thin module: it interprets one block at a time, and loses nothing of ours."""

from __future__ import annotations

import re
from functools import lru_cache

from pysrt import SubRipItem, SubRipTime
from pysrt.srtexc import Error

# pysrt reads a letter, or nothing at all, as the number 0.
# No film needs as many digits as these.
_TIME = r"\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}[:.,]\d{1,10}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*({_TIME})(?:\s|$)")


@lru_cache(maxsize=8192)  # captions are read again before they are written
def parse_times(line: str) -> tuple[int, int, tuple[int, int]] | None:
    """Start, end and the place of the end time in ``00:00:12,000 --> 00:00:15,000``.

    Returns:
        milliseconds, milliseconds, and from which to before which character the
        end time stands; None where pysrt cannot read the line
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
    """A time as SubRip writes it."""
    return str(SubRipTime(milliseconds=milliseconds))


def format_block(number: int, start_ms: int, end_ms: int, text: str) -> str:
    """One block of an .srt file, with its final newline."""
    # pysrt formats a block's times anew each time, and captions are made with tags and without.
    return f"{number}\n{format_time(start_ms)} --> {format_time(end_ms)}\n{text}\n"
