"""A thin wrapper of webvtt-py, which reads time stamps."""

from __future__ import annotations

import re
from functools import lru_cache

from webvtt.errors import MalformedCaptionError
from webvtt.models import Timestamp

from ..timed_lines import times_in

# webvtt-py reads times that are not valid WebVTT, and so do players; more
# digits than these are not times.
_TIME = r"(?:\d{1,10}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
# Settings may follow without a space (W3C WebVTT, "collect WebVTT cue timings and settings").
_TIMES = re.compile(rf"\s*({_TIME})\s*-->\s*({_TIME})(?![\d:.,])")


@lru_cache(maxsize=8192)  # captions are parsed again before they are written
def parse_times(line: str) -> tuple[int, int, tuple[int, int]] | None:
    """Parses start, end and the position of the end time in a line like ``00:12.000 --> 00:15.000``.

    Returns:
        start and end in milliseconds, and the span of characters of the
        end time; None if the line cannot be read
    """
    return times_in(line, _TIMES, lambda time: parse_time(time.replace(",", ".")))


def parse_time(text: str) -> int | None:
    """The milliseconds of a time such as ``00:12.000``, or None."""
    try:
        hours, minutes, seconds, milliseconds = Timestamp.from_string(text).to_tuple()
    except MalformedCaptionError:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def format_time(milliseconds: int) -> str:
    """Formats a time for WebVTT, always with hours."""
    seconds, milliseconds = divmod(milliseconds, 1000)
    return str(Timestamp(seconds // 3600, seconds // 60 % 60, seconds % 60, milliseconds))


def read_text(text: str, form: str = "vtt") -> list[tuple[int, int, str]] | None:
    """Reads a whole file with webvtt-py, skipping malformed parts.

    Args:
        text: the file
        form: webvtt-py's name of its format, ``vtt`` or ``sbv``

    Returns:
        start and end in milliseconds and the text of each caption; None if there are none
    """
    import webvtt
    from webvtt.errors import MalformedFileError

    try:
        captions = webvtt.from_buffer([text], format=form)
    except (MalformedFileError, ValueError, IndexError):
        return None
    return [
        (one.start_time.in_milliseconds(), one.end_time.in_milliseconds(), one.text)
        for one in captions.captions
    ] or None
