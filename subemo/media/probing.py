"""What is in a film: its tracks, its length, its subtitles."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..core.errors import MediaError
from .ffmpeg import ffmpeg_executable, finished, input_arguments, run_ffmpeg

#: Layouts of three channels and more that have a centre, by ffmpeg's names.
_WITH_CENTRE = re.compile(
    r"(?:[34]\.[01]|5\.[01](?:\(side\))?|6\.0|6\.1(?:\(back\))?|7\.0(?:\(front\))?"
    r"|7\.1(?:\(wide(?:-side)?\))?|[3579]\.[12]\.[2-6](?:\(back\))?|22\.2)"
)


@dataclass(frozen=True)
class AudioStream:
    """One sound track.

    Attributes:
        number: counted among the sound tracks, from 0
        language: as the file says, or None
        description: ffmpeg's own words for codec, rate and channels
    """

    number: int
    language: str | None
    description: str

    @property
    def has_centre(self) -> bool:
        """Whether it has a centre channel among others (ffmpeg's layouts, ``ffmpeg -layouts``)."""
        layout = re.search(r" Hz, ([^,]+)", self.description)
        return layout is not None and _WITH_CENTRE.fullmatch(layout[1]) is not None


@dataclass(frozen=True)
class SubtitleStream:
    """One subtitle track.

    Attributes:
        number: counted among the subtitle tracks, from 0
        language: as the file says, or None
        codec: ffmpeg's name for its format
    """

    number: int
    language: str | None
    codec: str


@dataclass(frozen=True)
class VideoStream:
    """One picture track that moves.

    Attributes:
        width: in pixels
        height: in pixels
    """

    width: int
    height: int


@dataclass(frozen=True)
class MediaInfo:
    """What a film holds.

    Attributes:
        duration_ms: or None where the container does not say
        audio: its sound tracks
        subtitles: its subtitle tracks
        video: its picture tracks, without cover pictures
        start_us: the time stamp that a player calls 0, in microseconds
    """

    duration_ms: int | None
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...] = ()
    video: tuple[VideoStream, ...] = ()
    start_us: int = 0


def probe(path: Path) -> MediaInfo:
    """What *path* holds, read from ffmpeg's own report of it.

    Raises:
        MediaError: if there is no such file, or it is not a media file
    """
    _check_file(path)
    # With no output ffmpeg reports the input and ends with an error.
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
    """The time stamp that a player calls 0, in microseconds.

    Raises:
        MediaError: as `probe` does
    """
    return _known(path).start_us


def only_track(path: Path) -> int | None:
    """The number of a film's sound track where it has just one, else None.

    Left to itself ffmpeg takes no track of which it has seen no sound before
    it starts, as where the sound begins seconds after the picture.

    Raises:
        MediaError: as `probe` does
    """
    return 0 if len(_known(path).audio) == 1 else None


def _known(path: Path) -> MediaInfo:
    """What a film holds, probed once; many excerpts are taken of one film."""
    _check_file(path)
    status = path.stat()
    return _probed(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=16)
def _probed(path: Path, *_: int) -> MediaInfo:
    return probe(path)


def _streams(report: str, kind: str) -> list[tuple[str | None, str]]:
    """Language and description of each stream of a kind."""
    # Metadata, which the file's maker chose, is indented further than any stream.
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
    """A text track of a film, as a subtitle file.

    Args:
        path: the film
        stream: the track
        muxer: ffmpeg's name of the kind of file
        codec: ffmpeg's name of the codec in which the file holds the text; ``copy`` for the track's

    Raises:
        MediaError: if it cannot be read
    """
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        *input_arguments(path),
        "-map", f"0:s:{stream.number}", "-c:s", codec, "-f", muxer, "pipe:",
    ]  # fmt: skip
    return run_ffmpeg(command, path, "its subtitle track cannot be read").stdout


def check_audio(path: Path, audio_stream: int | None = None) -> MediaInfo:
    """What *path* holds, once it is sure that it has the sound track asked for.

    Raises:
        MediaError: if it is no media file, or has no such sound track
    """
    info = probe(path)
    if not info.audio:
        raise MediaError(
            "no sound track in this file", path=path, remedy="Give the film with its sound."
        )
    if audio_stream is not None and audio_stream >= len(info.audio):
        tracks = "; ".join(
            f"{track.number}: {track.language or 'language unknown'}, {track.description}"
            for track in info.audio
        )
        raise MediaError(
            f"no sound track {audio_stream} in this file",
            path=path,
            remedy=f"--audio-stream counts from 0, and there are these: {tracks}",
        )
    return info


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise MediaError("this is a folder", path=path, remedy="Name a film or sound file.")
    if not path.exists():
        raise MediaError("no such file", path=path, remedy="Check the path.")
    if not path.is_file():
        raise MediaError(
            "no regular file",
            path=path,
            remedy="A film is read more than once; write what comes through a pipe to a file first.",
        )
    if not os.access(path, os.R_OK):
        raise MediaError("this file may not be read", path=path, remedy="Check its permissions.")


def _not_media(path: Path, report: str) -> MediaError:
    if "not on whitelist" in report or "not in whitelist" in report:
        return MediaError(
            "this kind of file may open other files or hold no film",
            path=path,
            remedy="Give the film itself (MP4, MKV, WAV and the like), not a playlist or list.",
        )
    return MediaError(
        "not a film or sound file that can be read", path=path, remedy="Is it complete?"
    )
