"""Encodes films with ffmpeg: progress, and atomic output."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.errors import MediaError, OutputError
from ..core.files import check_writable, place, temporary_beside
from ..core.processes import reaped, start
from ..core.progress import OnStep, Step
from ..media import arguments_of

#: The muxers by suffix of output films.
MUXERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}


def muxer_of(path: Path, kinds: tuple[str, ...] = tuple(MUXERS)) -> str:
    """The muxer for a film's name.

    Raises:
        OutputError: if the suffix is not supported
    """
    suffix = path.suffix.lower()
    if suffix not in kinds:
        raise OutputError("this kind of film cannot be written", path=path,
                          remedy=f"Use a name that ends with {', '.join(kinds)}.")  # fmt: skip
    return MUXERS[suffix]


@contextmanager
def whole_or_nothing(path: Path, *, inputs: list[Path], overwrite: bool) -> Iterator[Path]:
    """A temporary path beside *path*, renamed to it on success.

    Raises:
        OutputError: if the file cannot or must not be written
    """
    check_writable(path, inputs=inputs, overwrite=overwrite)
    temporary: Path | None = None
    try:
        handle, temporary = temporary_beside(path, suffix=path.suffix)
        os.close(handle)
        yield temporary
        place(temporary, path, overwrite=overwrite)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def encode(
    command: Any,
    video: Path,
    *,
    stage: str,
    duration_ms: int | None,
    on_step: OnStep,
    remedy: str = "",
) -> list[str]:
    """Runs a command of ffmpeg-python to its end.

    Args:
        command: the command
        video: the film concerned
        stage: name of the stage in progress reports
        duration_ms: duration of the film, or None if unknown
        on_step: called with each step of progress
        remedy: what to do if it fails

    Returns:
        ffmpeg's messages

    Raises:
        MediaError: if it fails
    """
    arguments = arguments_of(
        command.global_args(
            "-nostdin", "-hide_banner", "-loglevel", "warning", "-progress", "pipe:1", "-y"
        )
    )
    with tempfile.TemporaryFile() as log:
        process = start(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        with reaped(process):
            assert process.stdout is not None
            for line in process.stdout:
                name, _, value = line.decode("ascii", "replace").strip().partition("=")
                if name == "out_time_us" and value.isdigit():
                    on_step(Step(stage, int(value) // 1000, duration_ms))
            failed = process.wait() != 0
        log.seek(0)
        complaints = log.read().decode("utf-8", "replace").strip().splitlines()
    if failed:
        reason = complaints[-1] if complaints else "no reason given"
        raise MediaError(f"ffmpeg failed ({reason})", path=video, remedy=remedy)
    return complaints
