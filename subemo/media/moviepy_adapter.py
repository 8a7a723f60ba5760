"""Makes moviepy start ffmpeg as subemo does: see `subemo.core.processes`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from ..core.processes import reaped, start

#: The modules that start ffmpeg; each imports `subprocess` as `sp`.
_MODULES = (
    "moviepy.audio.io.ffmpeg_audiowriter",
    "moviepy.audio.io.readers",
    "moviepy.video.io.ffmpeg_reader",
    "moviepy.video.io.ffmpeg_writer",
)


@contextmanager
def moviepy_processes() -> Iterator[None]:
    """Ends moviepy's child processes with this process, or at the end of the block."""
    with ExitStack() as stack:

        def started(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
            process = start(command, **options)
            stack.enter_context(reaped(process))
            return process

        ours = _Subprocess(started)
        for module in map(import_module, _MODULES):
            stack.callback(setattr, module, "sp", module.sp)
            module.sp = ours  # type: ignore[attr-defined]
        yield


class _Subprocess:
    """`subprocess` with another way of starting processes."""

    def __init__(self, started: Any) -> None:
        self.Popen = started

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)
