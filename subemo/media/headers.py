"""A program of its own: prints what a film's headers say, as JSON.

`subemo.media.probing` runs it as ``python -I -S headers.py PACKAGES FORMATS URL``, so that
libraries that read untrusted bytes work in a process that can be limited and killed. It must
not import `subemo`, whose path a run like this does not have.
"""

from __future__ import annotations

import errno
import json
import re
import sys
from collections.abc import Callable
from typing import Any

#: Exit codes: the format is not on the whitelist; this is no film; PyAV cannot be imported.
REFUSED, UNREADABLE, NO_READER = 3, 4, 5

#: The most bytes of output, seconds of work, and bytes of memory.
LONGEST_REPORT, MOST_CPU_S, MOST_MEMORY = 4 * 1024 * 1024, 60, 4 * 1024**3

#: The most characters of a language or title that are passed on.
_LONGEST_TEXT = 200
#: Time stamps further from 0 are none, in microseconds.
_LATEST_US = 1 << 62
#: Bits of a stream's disposition.
_DEFAULT, _ATTACHED_PICTURE = 1 << 0, 1 << 10


def limit() -> None:
    """Limits what this process can use, where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in (
        (resource.RLIMIT_FSIZE, LONGEST_REPORT),
        (resource.RLIMIT_CPU, MOST_CPU_S),
        (resource.RLIMIT_AS, MOST_MEMORY),
    ):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(kind, (most, most))


def report(url: str, formats: str) -> dict[str, Any]:
    """The contents of a film: its container, times in microseconds, and streams.

    Args:
        url: the film, as ``file:PATH``
        formats: the demuxers that may be used, by ffmpeg's names

    Raises:
        av.FFmpegError: if it cannot be read
    """
    import av

    film = av.open(
        url,
        container_options={
            "protocol_whitelist": "file",
            "format_whitelist": formats,
            "scan_all_pmts": "1",  # as the program ffmpeg does, so that it finds the same tracks
        },
        metadata_errors="replace",
    )
    return {
        "container": film.format.name,
        "start": film.start_time,
        "duration": film.duration,
        "streams": [_stream(stream) for stream in film.streams],
    }


def _stream(stream: Any) -> dict[str, Any]:
    context = stream.codec_context
    found = {
        "index": stream.index,
        "kind": stream.type,
        "codec": "unknown" if context is None else context.codec.canonical_name,
        "language": _text(stream, "language"),
        "title": _text(stream, "title"),
        "is_default": bool(stream.disposition.value & _DEFAULT),
        "is_cover": bool(stream.disposition.value & _ATTACHED_PICTURE),
        "start": _microseconds(stream.start_time, stream, round),
        "end": _end(stream),
    }
    if stream.type == "audio":
        layout = None if context is None else _layout(context)
        found["rate"] = 0 if context is None else context.sample_rate
        found["layout"] = "" if layout is None else layout.name
        found["channels"] = [] if layout is None else [one.name for one in layout.channels]
    if stream.type == "video":
        found["width"] = 0 if context is None else context.width
        found["height"] = 0 if context is None else context.height
        found["frame_rate"] = float(stream.average_rate or stream.guessed_rate or 0)
    return found


def _microseconds(stamp: int | None, stream: Any, whole: Callable[[Any], int]) -> int | None:
    """A time stamp of a stream; None if there is none, or none that could be meant."""
    if stamp is None or not stream.time_base:
        return None
    found = whole(stamp * stream.time_base * 1_000_000)
    return found if abs(found) < _LATEST_US else None


def _end(stream: Any) -> int | None:
    """The time stamp of a stream's end in microseconds; None if the headers do not say."""
    if stream.duration is not None:
        return _microseconds(stream.duration + (stream.start_time or 0), stream, int)
    # In Matroska, writers leave it as a tag, such as "00:00:08.008000000".
    found = re.fullmatch(r"(\d{1,4}):(\d\d):(\d\d)\.(\d{6})\d*", _text(stream, "DURATION"))
    if found is None:
        return None
    hours, minutes, seconds, rest = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + rest


def _layout(context: Any) -> Any:
    """The channels of a track; where it does not name them, those that ffmpeg assumes."""
    from av import AudioLayout, FFmpegError

    count = context.layout.nb_channels
    if any(channel.name != "NONE" for channel in context.layout.channels) or not count:
        return context.layout
    try:
        return AudioLayout(f"{count}c")
    except (FFmpegError, ValueError):
        return context.layout


def _text(stream: Any, key: str) -> str:
    return str(stream.metadata.get(key, ""))[:_LONGEST_TEXT]


def main() -> int:
    """Prints the report and returns the exit code."""
    packages, formats, url = sys.argv[1:]
    limit()
    sys.path.append(packages)
    try:
        from av import FFmpegError
    except ImportError:
        return NO_READER
    try:
        found = report(url, formats)
    except FFmpegError as error:
        return REFUSED if error.errno == errno.EINVAL else UNREADABLE
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
