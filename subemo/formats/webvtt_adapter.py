"""webvtt-py behind one thin module: it reads time stamps, and loses nothing of ours."""

from __future__ import annotations

import re
from functools import lru_cache

from webvtt.errors import MalformedCaptionError
from webvtt.models import Timestamp

# webvtt-py reads times that WebVTT does not know, and so do players; more
# digits than these are no times.
_TIME = r"(?:\d{1,10}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
# Settings may follow without a space (W3C WebVTT, "collect WebVTT cue timings and settings").
_TIMES = re.compile(rf"\s*({_TIME})\s*-->\s*({_TIME})(?![\d:.,])")


@lru_cache(maxsize=8192)  # captions are read again before they are written
def parse_times(line: str) -> tuple[int, int, tuple[int, int]] | None:
    """Start, end and the place of the end time in a line like ``00:12.000 --> 00:15.000``.

    Returns:
        milliseconds, milliseconds, and from which to before which character the
        end time stands; None where the line cannot be read
    """
    match = _TIMES.match(line)
    if match is None:
        return None
    start, end = (parse_time(match[i].replace(",", ".")) for i in (1, 2))
    return None if start is None or end is None else (start, end, match.span(2))


def parse_time(text: str) -> int | None:
    """The milliseconds of a time such as ``00:12.000``, or None."""
    try:
        hours, minutes, seconds, milliseconds = Timestamp.from_string(text).to_tuple()
    except MalformedCaptionError:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def format_time(milliseconds: int) -> str:
    """A time as WebVTT writes it, always with hours."""
    seconds, milliseconds = divmod(milliseconds, 1000)
    return str(Timestamp(seconds // 3600, seconds // 60 % 60, seconds % 60, milliseconds))


def read_text(text: str, form: str = "vtt") -> list[tuple[int, int, str]] | None:
    """What webvtt-py sees of a whole file, stepping over what is malformed.

    Args:
        text: the file
        form: webvtt-py's name of its format, ``vtt`` or ``sbv``

    Returns:
        start and end in milliseconds and the text of each caption; None if it sees none
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
