"""ffmpeg at work on a new film: its progress, and all of the result or nothing."""

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

#: The muxer of each kind of film that is written, by the end of its name.
MUXERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}


def muxer_of(path: Path, kinds: tuple[str, ...] = tuple(MUXERS)) -> str:
    """What writes a film of that name.

    Raises:
        OutputError: if nothing does
    """
    suffix = path.suffix.lower()
    if suffix not in kinds:
        raise OutputError("not a kind of film that can be written", path=path,
                          remedy=f"End its name with {', '.join(kinds)}.")  # fmt: skip
    return MUXERS[suffix]


@contextmanager
def whole_or_nothing(path: Path, *, inputs: list[Path], overwrite: bool) -> Iterator[Path]:
    """A temporary name beside *path*, which gets its own name when all is well.

    Raises:
        OutputError: if nothing can or may be written there
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
    command: Any, video: Path, *, stage: str, duration_ms: int | None, on_step: OnStep
) -> list[str]:
    """Runs a command of ffmpeg-python to its end.

    Args:
        command: what it is to do
        video: the film that it is about
        stage: what the progress is called
        duration_ms: of the film, if it is known
        on_step: called with each step of progress

    Returns:
        what ffmpeg complained of

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
        raise MediaError(f"it cannot be written anew (ffmpeg: {reason})", path=video)
    return complaints
