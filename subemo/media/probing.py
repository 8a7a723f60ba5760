"""Probing films: their tracks, duration and subtitles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from ..core.errors import MediaError, SubemoError
from ..core.printable import plain
from ..core.processes import reaped, start
from . import headers
from .ffmpeg import (
    FORMATS,
    GUARDS,
    ffmpeg_executable,
    file_url,
    input_arguments,
    run_ffmpeg,
)

#: The longest wait for a film's headers, in seconds.
_TIMEOUT_S = 60


@dataclass(frozen=True)
class Track:
    """A track of a film.

    Attributes:
        index: among all streams of the file, from 0: *N* in ffmpeg's ``-map 0:N``
        number: among the tracks of its kind, from 0
        codec: ffmpeg's name for its format
        language: as in the file (``pt-BR``, ``eng``), or None
        title: as in the file, or None
        is_default: whether players choose it by themselves
        start_us: the time stamp of its beginning, in microseconds; None if unknown
        end_us: the time stamp of its end, likewise
    """

    index: int
    number: int
    codec: str
    language: str | None = None
    title: str | None = None
    is_default: bool = False
    start_us: int | None = None
    end_us: int | None = None


@dataclass(frozen=True)
class AudioStream(Track):
    """An audio track.

    Attributes:
        rate: in hertz; 0 if unknown
        layout: ffmpeg's name of the channels, such as ``stereo`` or ``5.1(side)``
        channels: ffmpeg's name of each channel, such as ``FL``
    """

    rate: int = 0
    layout: str = ""
    channels: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """Codec, rate and channels, for people."""
        return f"{self.codec}, {self.rate} Hz, {self.layout or 'channels unknown'}"

    @property
    def has_centre(self) -> bool:
        """Whether it has a centre and at least two other channels."""
        return "FC" in self.channels and len(self.channels) > 2


@dataclass(frozen=True)
class SubtitleStream(Track):
    """A subtitle track."""


@dataclass(frozen=True)
class VideoStream(Track):
    """A video track.

    Attributes:
        width: in pixels
        height: in pixels
        frame_rate: pictures per second, on average; 0 if unknown
    """

    width: int = 0
    height: int = 0
    frame_rate: float = 0


@dataclass(frozen=True)
class MediaInfo:
    """The contents of a film.

    Attributes:
        duration_ms: to ten milliseconds, as ffmpeg prints it; None if the container does not say
        audio: audio tracks
        subtitles: subtitle tracks
        video: video tracks, without cover pictures
        start_us: the time stamp of the first picture or sound, in microseconds
        container: ffmpeg's names of the container's format, separated by commas
        path: the file, for messages
        state: the file's inode, size and time of change, which tell whether it is still the same
    """

    duration_ms: int | None
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...] = ()
    video: tuple[VideoStream, ...] = ()
    start_us: int = 0
    container: str = ""
    path: Path | None = None
    state: tuple[int, ...] = ()

    @property
    def zero_us(self) -> int:
        """The time stamp of a player's time 0, in microseconds, see `time_zero_us`."""
        return time_zero_us(self.container, self.start_us)

    @property
    def has_own_time_line(self) -> bool:
        """Whether stamps in this container count from 0, and its headers say where tracks end."""
        return not _OWN_TIME_LINE.isdisjoint(self.container.split(","))

    @property
    def has_estimated_length(self) -> bool:
        """Whether the container does not say how long it is, so that its length is estimated."""
        return not _ESTIMATED.isdisjoint(self.container.split(","))

    @property
    def end_ms(self) -> int | None:
        """When the film ends, from a player's time 0; None if the container does not say."""
        if self.duration_ms is None:
            return None
        # A Matroska's length counts from stamp 0, all others' from the first stamp.
        first_us = 0 if "matroska" in self.container else self.start_us
        return self.duration_ms + (first_us - self.zero_us) // 1000

    def end_us(self, track: Track) -> int | None:
        """When a track ends, from a player's time 0; None if the container does not say."""
        if track.end_us is None:
            return None
        end_us = track.end_us - self.zero_us
        return end_us if self.end_ms is None else min(end_us, self.end_ms * 1000)


#: Containers without a length, by ffmpeg's names, and those with a time line of their own.
_ESTIMATED = frozenset(
    {"aac", "ac3", "amr", "dts", "dtshd", "eac3", "mp3", "mpeg", "mpegts", "truehd"}
)
_OWN_TIME_LINE = frozenset({"mov", "matroska", "webm"})


def time_zero_us(container: str, start_us: int) -> int:
    """The time stamp that players show as 0:00: the only place that decides this.

    In MP4, QuickTime, Matroska and WebM, a film whose first picture or sound is stamped 3 s has
    nothing to show for 3 s. In MPEG-TS and all others, stamps start anywhere, and players count
    from the first. `docs/captioning/publishing.md` has the measurements.

    Args:
        container: ffmpeg's names of the container's format, separated by commas
        start_us: the time stamp of the first picture or sound, in microseconds

    Example:
        >>> time_zero_us("mov,mp4", 3_000_000), time_zero_us("mpegts", 3_000_000)
        (0, 3000000)
    """
    is_own = not _OWN_TIME_LINE.isdisjoint(container.split(","))
    return min(start_us, 0) if is_own else start_us


def film_input(info: MediaInfo) -> Any:
    """A film as an input of ffmpeg-python, whose stamps count from a player's time 0.

    The command must have the option ``-copyts``. Without it, ffmpeg would count from the
    beginning of those tracks that it uses.
    """
    import ffmpeg

    assert info.path is not None
    return ffmpeg.input(file_url(info.path), **GUARDS, **_timing(info))


def _timing(info: MediaInfo) -> dict[str, str]:
    timing = {"itsoffset": f"{-info.zero_us}us"} if info.zero_us else {}
    # There not every picture has a time stamp.
    return timing | ({"fflags": "+genpts"} if info.container == "mpeg" else {})


def chosen_track(info: MediaInfo, audio_stream: int | None = None) -> AudioStream:
    """The audio track that is heard, shown and played: the only place that decides this.

    Args:
        info: of a film with sound
        audio_stream: the user's choice, an index among the audio tracks; None for the first
            track that is marked as default, else the first, as players choose

    Raises:
        MediaError: if the film has no such track

    Example:
        >>> import subemo
        >>> chosen_track(subemo.open_film("samples/trailer.mp4").info).index
        1
    """
    if not info.audio:
        raise MediaError(
            "this file has no audio track",
            path=info.path,
            remedy="Use a version of the film with sound.",
        )
    if audio_stream is None:
        return next((track for track in info.audio if track.is_default), info.audio[0])
    if audio_stream >= len(info.audio):
        raise MediaError(
            f"this file has no audio track {audio_stream}",
            path=info.path,
            remedy=f"`audio_stream` counts from 0; choose from {listed(info.audio)}",
        )
    return info.audio[audio_stream]


def listed(tracks: Iterable[Track]) -> str:
    """Tracks with their numbers, for messages."""
    return "; ".join(
        f"{track.number}: {plain(track.language or 'language unknown')}, "
        f"{track.description if isinstance(track, AudioStream) else track.codec}"
        for track in tracks
    )


def probe(path: Path) -> MediaInfo:
    """What a file's headers say, read by libav in a process of its own.

    A film that has not changed is read once.

    Raises:
        MediaError: if the file is missing or not a media file
    """
    if (thread := _ahead.pop(path, None)) is not None:
        thread.join()
    return _read(path)


#: Films whose headers are being read.
_ahead: dict[Path, Thread] = {}


def probe_ahead(path: Path) -> None:
    """Begins to read a file's headers while the caller does other work, such as imports.

    `probe` waits for it, and raises its errors.
    """

    def read() -> None:
        with suppress(SubemoError, OSError):
            _read(path)

    _ahead[path] = Thread(target=read, daemon=True)
    _ahead[path].start()


def _read(path: Path) -> MediaInfo:
    _check_file(path)
    status = path.stat()
    return _probed(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _probed(path: Path, *state: int) -> MediaInfo:
    spec = find_spec("av")
    if spec is None or not spec.submodule_search_locations:
        raise _no_reader()
    packages = Path(next(iter(spec.submodule_search_locations))).parent
    program = [sys.executable, "-I", "-S", headers.__file__]
    with tempfile.TemporaryFile() as made:
        process = start(
            [*program, str(packages), FORMATS, f"file:{path}"],
            stdin=subprocess.DEVNULL,
            stdout=made,
            stderr=subprocess.DEVNULL,
        )
        with reaped(process):
            try:
                code = process.wait(_TIMEOUT_S)
            except subprocess.TimeoutExpired as error:
                raise MediaError(
                    f"its headers could not be read within {_TIMEOUT_S} s", path=path,
                    remedy="Check that it is complete.",
                ) from error  # fmt: skip
        made.seek(0)
        report = made.read(headers.LONGEST_REPORT)
    if code == headers.REFUSED:
        raise MediaError(
            "this format can refer to other files or contains no film",
            path=path,
            remedy="Give the film itself (MP4, MKV, WAV, …), not a playlist.",
        )
    if code == headers.NO_READER:
        raise _no_reader()
    try:
        return _contents(json.loads(report), path, state)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MediaError(
            "not a readable film or sound file", path=path, remedy="Check that it is complete."
        ) from error


def _contents(report: Any, path: Path, state: tuple[int, ...] = ()) -> MediaInfo:
    """Checks a report, whose maker read untrusted bytes.

    Raises:
        ValueError: if it is no report
        KeyError: likewise
        TypeError: likewise
    """
    audio: list[AudioStream] = []
    subtitles: list[SubtitleStream] = []
    video: list[VideoStream] = []
    for index, stream in enumerate(_list(report["streams"])):
        if _whole(stream["index"]) != index:
            raise ValueError("streams are not counted from 0")
        language = _text(stream["language"])
        common: dict[str, Any] = {
            "index": index,
            "codec": _text(stream["codec"]),
            "language": None if language in ("", "und") else language,
            "title": _text(stream["title"]) or None,
            "is_default": stream["is_default"] is True,
            "start_us": _optional(stream["start"]),
            "end_us": _optional(stream["end"]),
        }
        if stream["kind"] == "audio":
            channels = tuple(map(_text, _list(stream["channels"])))
            rate, layout = _whole(stream["rate"]), _text(stream["layout"])
            audio.append(AudioStream(
                number=len(audio), rate=rate, layout=layout, channels=channels, **common,
            ))  # fmt: skip
        elif stream["kind"] == "subtitle":
            subtitles.append(SubtitleStream(number=len(subtitles), **common))
        elif stream["kind"] == "video" and stream["is_cover"] is not True:
            width, height = _whole(stream["width"]), _whole(stream["height"])
            if width and height:
                video.append(VideoStream(
                    number=len(video), width=width, height=height,
                    frame_rate=_rate(stream["frame_rate"]), **common,
                ))  # fmt: skip
    duration, start_us = _optional(report["duration"]), _optional(report["start"]) or 0
    container = _text(report["container"])
    return MediaInfo(
        None if duration is None or duration < 0 else (duration + 5_000) // 10_000 * 10,
        tuple(audio),
        tuple(subtitles),
        tuple(video),
        start_us,
        container,
        path,
        state,
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError
    return value


def _rate(value: Any) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1_000_000:
        raise ValueError
    return float(value)


def _optional(value: Any) -> int | None:
    if value is not None and (type(value) is not int or abs(value) >= 2**63):
        raise ValueError
    return value


def _no_reader() -> MediaError:
    return MediaError(
        "PyAV, which reads films' headers, cannot be loaded",
        remedy="Reinstall it: pip install --force-reinstall av",
    )


def extract_subtitles(
    path: Path, stream: SubtitleStream, *, muxer: str, codec: str = "copy"
) -> bytes:
    """Extracts a text track of a film as a subtitle file.

    Args:
        path: the film
        stream: the track
        muxer: ffmpeg's name of the file format
        codec: ffmpeg's name of the file's text codec; ``copy`` for that of the track

    Raises:
        MediaError: if the track cannot be read
    """
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        "-copyts", *(part for name, value in _timing(probe(path)).items() for part in (f"-{name}", value)),
        *input_arguments(path),
        "-map", f"0:{stream.index}", "-c:s", codec, "-f", muxer, "pipe:",
    ]  # fmt: skip
    return run_ffmpeg(command, path, "cannot read its subtitle track").stdout


def check_audio(path: Path, audio_stream: int | None = None) -> MediaInfo:
    """Probes a file and checks that it has the requested audio track, see `chosen_track`.

    Raises:
        MediaError: if it is not a media file or lacks the audio track
    """
    info = probe(path)
    chosen_track(info, audio_stream)
    return info


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise MediaError("this is a folder", path=path, remedy="Give a film or sound file.")
    if not path.exists():
        raise MediaError("no such file", path=path, remedy="Check the path.")
    if not path.is_file():
        raise MediaError(
            "not a regular file",
            path=path,
            remedy="A film is read more than once, so save piped data to a file first.",
        )
    if not os.access(path, os.R_OK):
        raise MediaError("permission denied", path=path, remedy="Check its permissions.")
