"""Running ffmpeg: which one, under which restrictions, and always reaped.

Films are untrusted. ffmpeg is run without a shell, reads local files only,
accepts only self-contained container formats (a playlist or concat list
disguised as a film could open other files), and is always reaped.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from ..core.errors import MediaError
from ..core.processes import reaped, start

#: Demuxers of self-contained files, by ffmpeg's names; all others are refused.
FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dtshd,dv,eac3,flac,flv,matroska,webm,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,mxf,nut,ogg,rm,truehd,tta,"
    "w64,wav,wtv,wv"
)

#: Restrictions for every run of ffmpeg, however its command is built.
GUARDS = {"protocol_whitelist": "file,pipe", "format_whitelist": FORMATS}
#: What begins the name of a file for ffmpeg, whatever it contains.
_SCHEME = "file:"


@lru_cache(maxsize=1)
def ffmpeg_executable() -> str:
    """The ffmpeg set in ``SUBEMO_FFMPEG``, else the one of imageio-ffmpeg.

    Raises:
        MediaError: if there is none
    """
    named = os.environ.get("SUBEMO_FFMPEG")
    if named:
        if not (Path(named).is_file() and os.access(named, os.X_OK)):
            raise MediaError(
                "SUBEMO_FFMPEG is not the path of a program",
                path=named,
                remedy="Set it to the path of ffmpeg, or unset it to use the bundled one.",
            )
        return named
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MediaError(
            "ffmpeg was not found", remedy="Install it and set SUBEMO_FFMPEG to its path."
        ) from error


def run_ffmpeg(command: list[str], path: Path, problem: str) -> subprocess.CompletedProcess[bytes]:
    """Runs ffmpeg to its end.

    Args:
        command: its arguments, itself included
        path: the file concerned
        problem: the error message if it fails

    Raises:
        MediaError: if it fails
    """
    done = finished(command)
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason"]
        raise MediaError(f"{problem} (ffmpeg: {reason[0]})", path=path)
    return done


def finished(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Runs a command to its end, successful or not."""
    process = start(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with reaped(process):
        out, complaints = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, complaints)


@contextmanager
def converting(
    command: list[str], data: bytes, *, timeout_s: float
) -> Iterator[Callable[[], tuple[bytes, bytes]]]:
    """Runs ffmpeg with *data* on its standard input, in parallel with the caller.

    No thread feeds it. It is ended when the block is left.

    Args:
        command: its arguments, itself included
        data: the whole input
        timeout_s: the longest wait, in seconds

    Yields:
        a function that waits and returns what it wrote to its standard output and to its log; it
        raises `MediaError` on failure
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as made, \
            tempfile.TemporaryFile() as log:  # fmt: skip
        source.write(data)
        source.seek(0)
        process = start(command, stdin=source, stdout=made, stderr=log)

        def wait() -> tuple[bytes, bytes]:
            try:
                code = process.wait(timeout_s)
            except subprocess.TimeoutExpired as error:
                raise MediaError(f"ffmpeg took longer than {timeout_s:g} s") from error
            if code != 0:
                raise MediaError(f"ffmpeg failed (exit code {code})")
            made.seek(0)
            log.seek(0)
            return made.read(), log.read()

        with reaped(process):
            yield wait


@contextmanager
def decoder(command: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A running ffmpeg and its log; ended whenever the block is left."""
    with tempfile.TemporaryFile() as log:
        process = start(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            # A buffer of twelve seconds, so that decoding continues while Python works.
            pipesize=1024 * 1024,
        )
        with reaped(process):
            yield process, log


def input_arguments(path: Path) -> list[str]:
    """The arguments for a film as input, with the restrictions."""
    guards = [part for name, value in GUARDS.items() for part in (f"-{name}", value)]
    # The scheme makes names such as "-y", "a:b.mp4" or "concat:x" plain paths.
    return [*guards, "-i", f"{_SCHEME}{path}"]


def file_url(path: Path) -> str:
    """A path for ffmpeg-python, which cannot hold names that are not UTF-8.

    The name is quoted as in an address, and `arguments_of` restores it.
    """
    return _SCHEME + quote_from_bytes(os.fsencode(path))


def arguments_of(command: Any) -> list[str]:
    """The arguments of a command of ffmpeg-python, including ffmpeg itself."""
    return [
        _SCHEME + os.fsdecode(unquote_to_bytes(argument.removeprefix(_SCHEME)))
        if argument.startswith(_SCHEME)
        else argument
        for argument in command.compile(cmd=ffmpeg_executable())
    ]
