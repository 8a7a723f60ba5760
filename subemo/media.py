"""All that touches ffmpeg: what is in a film, and its sound as a stream.

Films are untrusted. ffmpeg is run without a shell, reads local files only,
knows only container formats that hold their own streams (a playlist or concat
list under a film's name could open other files), and is always reaped.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from .audio import Samples
from .errors import MediaError
from .processes import reaped, start

#: Demuxers of self-contained files, by ffmpeg's names; everything else is refused.
FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dtshd,dv,eac3,flac,flv,matroska,webm,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,mxf,nut,ogg,rm,truehd,tta,"
    "w64,wav,wtv,wv"
)

#: What every run of ffmpeg is held to, whichever way its command is put together.
GUARDS = {"protocol_whitelist": "file,pipe", "format_whitelist": FORMATS}

#: Subtitle codecs that are text, and the muxer that writes them as a file of their own.
TEXT_CODECS = {
    "subrip": "srt", "srt": "srt", "text": "srt", "mov_text": "srt", "ass": "ass", "ssa": "ass",
    "webvtt": "webvtt",
}  # fmt: skip

#: Layouts of three channels and more that have a centre, by ffmpeg's names.
_WITH_CENTRE = re.compile(
    r"(?:[34]\.[01]|5\.[01](?:\(side\))?|6\.0|6\.1(?:\(back\))?|7\.0(?:\(front\))?"
    r"|7\.1(?:\(wide(?:-side)?\))?|[3579]\.[12]\.[2-6](?:\(back\))?|22\.2)"
)

#: Bytes that are no UTF-8, as Python has them in a name (PEP 383), and characters of
#: Unicode's last private plane.
_PRIVATE = {0xDC00 + byte: 0x10DC00 + byte for byte in range(0x80, 0x100)}

#: How much sound is read at once, in milliseconds.
BLOCK_MS = 1000


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

    @property
    def is_text(self) -> bool:
        """Whether it holds letters, not pictures of them."""
        return self.codec in TEXT_CODECS


@dataclass(frozen=True)
class VideoStream:
    """One picture track that moves.

    Attributes:
        width: in pixels
        height: in pixels
        fps: frames a second, or None where the file does not say
    """

    width: int
    height: int
    fps: float | None


@dataclass(frozen=True)
class MediaInfo:
    """What a film holds.

    Attributes:
        duration_ms: or None where the container does not say
        audio: its sound tracks
        subtitles: its subtitle tracks
        video: its picture tracks, without cover pictures
    """

    duration_ms: int | None
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...] = ()
    video: tuple[VideoStream, ...] = ()


@lru_cache(maxsize=1)
def ffmpeg_executable() -> str:
    """The ffmpeg that ``SUBEMO_FFMPEG`` names, else the one that imageio-ffmpeg carries.

    Raises:
        MediaError: if there is none
    """
    named = os.environ.get("SUBEMO_FFMPEG")
    if named:
        if not (Path(named).is_file() and os.access(named, os.X_OK)):
            raise MediaError(
                "SUBEMO_FFMPEG names no program",
                path=named,
                remedy="Set it to an ffmpeg, or unset it to use the one that subemo brings.",
            )
        return named
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MediaError(
            "no ffmpeg on this machine", remedy="Install one and name it in SUBEMO_FFMPEG."
        ) from error


def probe(path: Path) -> MediaInfo:
    """What *path* holds, read from ffmpeg's own report of it.

    Raises:
        MediaError: if there is no such file, or it is not a media file
    """
    _check_file(path)
    # With no output ffmpeg reports the input and ends with an error.
    process = start(
        [ffmpeg_executable(), "-hide_banner", "-nostdin", *_input_arguments(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with reaped(process):
        _, complaints = process.communicate()
    report = complaints.decode("utf-8", "replace")
    if "\nInput #0" not in f"\n{report}":
        raise _not_media(path, report)
    duration = re.search(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d)", report, re.MULTILINE)
    duration_ms = None
    if duration:
        hours, minutes, seconds, hundredths = map(int, duration.groups())
        duration_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
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
            VideoStream(int(size[1]), int(size[2]), float(fps[1]) if fps else None)
            for _, description in _streams(report, "Video")
            if "(attached pic)" not in description
            and (size := re.search(r", (\d{2,5})x(\d{2,5})", description))
            for fps in [re.search(r", ([\d.]+) fps", description)]
        ),
    )


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


def read_subtitles(path: Path, stream: SubtitleStream) -> bytes:
    """A text track of a film, as a subtitle file of its own format.

    Raises:
        MediaError: if it cannot be read
    """
    form = TEXT_CODECS[stream.codec]
    codec = "srt" if form == "srt" and stream.codec != "subrip" else "copy"
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        *_input_arguments(path),
        "-map", f"0:s:{stream.number}", "-c:s", codec, "-f", form, "pipe:",
    ]  # fmt: skip
    return run_ffmpeg(command, path, "its subtitle track cannot be read").stdout


def run_ffmpeg(command: list[str], path: Path, problem: str) -> subprocess.CompletedProcess[bytes]:
    """Runs ffmpeg to its end.

    Args:
        command: its arguments, itself included
        path: the file that it is about
        problem: what is wrong if it fails

    Raises:
        MediaError: if it fails
    """
    process = start(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with reaped(process):
        out, complaints = process.communicate()
    if process.returncode != 0:
        reason = complaints.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason"]
        raise MediaError(f"{problem} (ffmpeg: {reason[0]})", path=path)
    return subprocess.CompletedProcess(command, process.returncode, out, complaints)


def stream_audio(
    path: Path,
    *,
    sample_rate: int,
    audio_stream: int | None = None,
    centre: bool = False,
    start_ms: int = 0,
    duration_ms: int | None = None,
    on_warning: Callable[[str], None] = lambda _: None,
) -> Generator[Samples]:
    """The sound of a film from its time 0 on, in blocks of `BLOCK_MS`.

    Sample *n* is what a player sounds at *n* / *sample_rate* seconds: a track
    that starts late is preceded by silence, and gaps in it are filled.

    Args:
        path: a film or sound file
        sample_rate: of the blocks, in hertz; there is one resampling in all
        audio_stream: which sound track, from 0; None for ffmpeg's own choice
        centre: whether its centre channel alone is taken, see `AudioStream.has_centre`;
            else all channels are mixed
        start_ms: where in the film the first sample lies
        duration_ms: how much of it; None for all that follows
        on_warning: told of damage in the film that ffmpeg could step over

    Yields:
        mono float32 in -1 to 1, shape (samples,); the last one may be shorter

    Raises:
        MediaError: if it cannot be decoded; `check_audio` says beforehand, and
            in better words, whether there is anything to decode
    """
    command = _decode_command(
        path, sample_rate, audio_stream, centre=centre, start_ms=start_ms, duration_ms=duration_ms
    )
    with _decoder(command) as (process, log):
        assert process.stdout is not None
        size = 4 * (sample_rate * BLOCK_MS // 1000)
        while data := process.stdout.read(size):
            yield np.frombuffer(data[: len(data) // 4 * 4], dtype="<f4")
        failed = process.wait() != 0
        log.seek(0)
        complaints = log.read().decode("utf-8", "replace").strip().splitlines()
    if failed:
        reason = complaints[-1] if complaints else "no reason given"
        raise MediaError(f"its sound cannot be decoded (ffmpeg: {reason})", path=path)
    if complaints:
        on_warning(f"{path}: damaged sound was stepped over (ffmpeg: {complaints[0]})")


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


@contextmanager
def _decoder(command: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A running ffmpeg and its log; it is gone when the block is left, however."""
    with tempfile.TemporaryFile() as log:
        process = start(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            # Room for twelve seconds, so that decoding goes on while Python listens.
            pipesize=1024 * 1024,
        )
        with reaped(process):
            yield process, log


def _decode_command(
    path: Path,
    sample_rate: int,
    audio_stream: int | None,
    *,
    centre: bool = False,
    start_ms: int = 0,
    duration_ms: int | None = None,
) -> list[str]:
    import ffmpeg

    part = {"ss": start_ms / 1000} if start_ms else {}
    if duration_ms is not None:
        part["t"] = duration_ms / 1000
    source = ffmpeg.input(file_url(path), **GUARDS, **part)
    chosen = source if audio_stream is None else source[f"a:{audio_stream}"]
    # One filter does all: mono without a change of level, the model's rate, and
    # silence wherever the track's clock says that nothing sounds.
    resampler = (
        f"aresample=osr={sample_rate}:ochl=mono:osf=flt:rematrix_maxval=1:async=1:first_pts=0"
    )
    if centre:
        resampler = f"pan=mono|c0=FC,{resampler}"
    # In large pieces: ffmpeg's threads hand each one on, which for those of AAC costs a
    # third of all that decoding takes.
    resampler += ",asetnsamples=n=16384:p=0"
    output = chosen.output("pipe:", format="f32le", af=resampler, vn=None, sn=None, dn=None)
    return arguments_of(output.global_args("-nostdin", "-hide_banner", "-loglevel", "error"))


def _input_arguments(path: Path) -> list[str]:
    guards = [part for name, value in GUARDS.items() for part in (f"-{name}", value)]
    return [*guards, "-i", _plain(file_url(path))]


def file_url(path: Path) -> str:
    """A path as ffmpeg takes it for nothing but a path, in the terms of ffmpeg-python.

    That library cannot hold a name that is no UTF-8: its bytes go through it as
    characters that nobody uses, and `arguments_of` puts them back.
    """
    # The scheme keeps names such as "-y", "a:b.mp4" or "concat:x" plain names.
    return f"file:{path}".translate(_PRIVATE)


def arguments_of(command: Any) -> list[str]:
    """The arguments of a command of ffmpeg-python, ffmpeg itself included."""
    return [_plain(argument) for argument in command.compile(cmd=ffmpeg_executable())]


def _plain(text: str) -> str:
    return text.translate({private: byte for byte, private in _PRIVATE.items()})


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
