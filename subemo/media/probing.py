"""Probing films: their tracks, duration and subtitles."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..core.errors import MediaError
from .ffmpeg import ffmpeg_executable, finished, input_arguments, run_ffmpeg

#: Channel layouts with a centre and at least two more channels, by ffmpeg's names.
_WITH_CENTRE = re.compile(
    r"(?:[34]\.[01]|5\.[01](?:\(side\))?|6\.0|6\.1(?:\(back\))?|7\.0(?:\(front\))?"
    r"|7\.1(?:\(wide(?:-side)?\))?|[3579]\.[12]\.[2-6](?:\(back\))?|22\.2)"
)


@dataclass(frozen=True)
class AudioStream:
    """An audio track.

    Attributes:
        number: index among the audio tracks, from 0
        language: language in the file, or None
        description: ffmpeg's description of codec, rate and channels
    """

    number: int
    language: str | None
    description: str

    @property
    def has_centre(self) -> bool:
        """Whether it has a centre and other channels (ffmpeg's layouts, ``ffmpeg -layouts``)."""
        layout = re.search(r" Hz, ([^,]+)", self.description)
        return layout is not None and _WITH_CENTRE.fullmatch(layout[1]) is not None


@dataclass(frozen=True)
class SubtitleStream:
    """A subtitle track.

    Attributes:
        number: index among the subtitle tracks, from 0
        language: language in the file, or None
        codec: ffmpeg's name for its format
    """

    number: int
    language: str | None
    codec: str


@dataclass(frozen=True)
class VideoStream:
    """A video track.

    Attributes:
        width: in pixels
        height: in pixels
    """

    width: int
    height: int


@dataclass(frozen=True)
class MediaInfo:
    """The contents of a film.

    Attributes:
        duration_ms: None if the container does not say
        audio: audio tracks
        subtitles: subtitle tracks
        video: video tracks, without cover pictures
        start_us: the time stamp of a player's time 0, in microseconds
    """

    duration_ms: int | None
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...] = ()
    video: tuple[VideoStream, ...] = ()
    start_us: int = 0


def probe(path: Path) -> MediaInfo:
    """Probes a file by parsing ffmpeg's report.

    Raises:
        MediaError: if the file is missing or not a media file
    """
    _check_file(path)
    # Without an output ffmpeg reports the input and exits with an error.
    command = [ffmpeg_executable(), "-hide_banner", "-nostdin", *input_arguments(path)]
    report = finished(command).stderr.decode("utf-8", "replace")
    if "\nInput #0" not in f"\n{report}":
        raise _not_media(path, report)
    duration = re.search(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d)", report, re.MULTILINE)
    duration_ms = None
    if duration:
        hours, minutes, seconds, hundredths = map(int, duration.groups())
        duration_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
    start = re.search(r"^  Duration: .*?, start: (-?)(\d+)\.(\d{6})", report, re.MULTILINE)
    return MediaInfo(
        duration_ms,
        tuple(
            AudioStream(number, language, description)
            for number, (language, description) in enumerate(_streams(report, "Audio"))
        ),
        tuple(
            SubtitleStream(number, language, re.split(r"[^\w]", description, maxsplit=1)[0])
            for number, (language, description) in enumerate(_streams(report, "Subtitle"))
        ),
        tuple(
            VideoStream(int(size[1]), int(size[2]))
            for _, description in _streams(report, "Video")
            if "(attached pic)" not in description
            and (size := re.search(r", (\d{2,5})x(\d{2,5})", description))
        ),
        int("".join(start.groups())) if start else 0,
    )


def start_us(path: Path) -> int:
    """The time stamp of a player's time 0, in microseconds.

    Raises:
        MediaError: see `probe`
    """
    return _known(path).start_us


def only_track(path: Path) -> int | None:
    """The index of a film's audio track if it has only one, else None.

    By default ffmpeg ignores a track of which it has seen no sound before
    it starts, such as one that begins seconds after the picture.

    Raises:
        MediaError: see `probe`
    """
    return 0 if len(_known(path).audio) == 1 else None


def _known(path: Path) -> MediaInfo:
    """Probes a film once; many excerpts may be taken from it."""
    _check_file(path)
    status = path.stat()
    return _probed(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=16)
def _probed(path: Path, *_: int) -> MediaInfo:
    return probe(path)


def _streams(report: str, kind: str) -> list[tuple[str | None, str]]:
    """Language and description of each stream of a kind."""
    # Metadata, which anyone can set, is indented further than streams.
    found = re.findall(
        rf"^ {{2,4}}Stream #0:\d+(?:\[\w+\])?(?:\((\w+)\))?: {kind}: (.*)$", report, re.MULTILINE
    )
    return [
        (None if language in ("", "und") else language, description)
        for language, description in found
    ]


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
        *input_arguments(path),
        "-map", f"0:s:{stream.number}", "-c:s", codec, "-f", muxer, "pipe:",
    ]  # fmt: skip
    return run_ffmpeg(command, path, "cannot read its subtitle track").stdout


def check_audio(path: Path, audio_stream: int | None = None) -> MediaInfo:
    """Probes a file and checks that it has the requested audio track.

    Raises:
        MediaError: if it is not a media file or lacks the audio track
    """
    info = probe(path)
    if not info.audio:
        raise MediaError(
            "this file has no audio track",
            path=path,
            remedy="Use a version of the film with sound.",
        )
    if audio_stream is not None and audio_stream >= len(info.audio):
        tracks = "; ".join(
            f"{track.number}: {track.language or 'language unknown'}, {track.description}"
            for track in info.audio
        )
        raise MediaError(
            f"this file has no audio track {audio_stream}",
            path=path,
            remedy=f"--audio-stream counts from 0; choose from {tracks}",
        )
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


def _not_media(path: Path, report: str) -> MediaError:
    if "not on whitelist" in report or "not in whitelist" in report:
        return MediaError(
            "this format can refer to other files or contains no film",
            path=path,
            remedy="Give the film itself (MP4, MKV, WAV, …), not a playlist.",
        )
    return MediaError(
        "not a readable film or sound file", path=path, remedy="Check that it is complete."
    )
