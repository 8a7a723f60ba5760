"""How ffmpeg is run: which one, under which guards, and never left behind.

Films are untrusted. ffmpeg is run without a shell, reads local files only,
knows only container formats that hold their own streams (a playlist or concat
list under a film's name could open other files), and is always reaped.
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

from ..core.errors import MediaError
from ..core.processes import reaped, start

#: Demuxers of self-contained files, by ffmpeg's names; everything else is refused.
FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dtshd,dv,eac3,flac,flv,matroska,webm,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,mxf,nut,ogg,rm,truehd,tta,"
    "w64,wav,wtv,wv"
)

#: What every run of ffmpeg is held to, whichever way its command is put together.
GUARDS = {"protocol_whitelist": "file,pipe", "format_whitelist": FORMATS}

#: Bytes that are no UTF-8, as Python has them in a name (PEP 383), and characters of
#: Unicode's last private plane.
_PRIVATE = {0xDC00 + byte: 0x10DC00 + byte for byte in range(0x80, 0x100)}


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


def run_ffmpeg(command: list[str], path: Path, problem: str) -> subprocess.CompletedProcess[bytes]:
    """Runs ffmpeg to its end.

    Args:
        command: its arguments, itself included
        path: the file that it is about
        problem: what is wrong if it fails

    Raises:
        MediaError: if it fails
    """
    done = finished(command)
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason"]
        raise MediaError(f"{problem} (ffmpeg: {reason[0]})", path=path)
    return done


def finished(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """A command that has run to its end, well or not."""
    process = start(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with reaped(process):
        out, complaints = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, complaints)


@contextmanager
def converting(
    command: list[str], data: bytes, *, timeout_s: float
) -> Iterator[Callable[[], bytes]]:
    """A running ffmpeg that reads *data* from its standard input.

    It is at work while its caller is, too: no thread feeds it. It is gone when
    the block is left.

    Args:
        command: its arguments, itself included
        data: all that it gets
        timeout_s: how long it may be waited for, in seconds

    Yields:
        what waits for it, and returns what it has made; that raises `MediaError` if it fails
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as made:
        source.write(data)
        source.seek(0)
        process = start(command, stdin=source, stdout=made, stderr=subprocess.DEVNULL)

        def wait() -> bytes:
            try:
                code = process.wait(timeout_s)
            except subprocess.TimeoutExpired as error:
                raise MediaError(f"ffmpeg took longer than {timeout_s:g} s") from error
            if code != 0:
                raise MediaError(f"ffmpeg failed (exit code {code})")
            made.seek(0)
            return made.read()

        with reaped(process):
            yield wait


@contextmanager
def decoder(command: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
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


def input_arguments(path: Path) -> list[str]:
    """The arguments that name a film as the input, under the guards."""
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
