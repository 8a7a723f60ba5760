"""Measures a program as a separate process, including its start-up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from subemo.media import ffmpeg_executable
from subemo.model import DEFAULT_MODEL


@dataclass(frozen=True)
class Cost:
    """The cost of a run.

    Attributes:
        seconds: wall-clock time
        peak_mb: peak memory of its largest process
        cpu_seconds: CPU time of all its processes
    """

    seconds: float
    peak_mb: float
    cpu_seconds: float


def measure(*command: str | Path, times: int = 1) -> Cost:
    """The median costs of *times* runs.

    Raises:
        SystemExit: if a run fails
    """
    costs = [_once([str(part) for part in command]) for _ in range(times)]
    return Cost(
        median(c.seconds for c in costs),
        median(c.peak_mb for c in costs),
        median(c.cpu_seconds for c in costs),
    )


def _once(command: Sequence[str]) -> Cost:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed: {complaint.decode()[-500:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(time.perf_counter() - started, usage.ru_maxrss / 1024, cpu)


def annotate(
    film: Path,
    subtitles: Path | None,
    out: Path,
    *,
    model: str = DEFAULT_MODEL,
    cached: bool = False,
    times: int = 1,
) -> Cost:
    """The cost of `subemo annotate`; without subtitles it has to detect speech."""
    source = [subtitles] if subtitles else ["--subs", "none", "--no-transcribe"]
    options: list[str | Path] = [
        "-o",
        out,
        "--overwrite",
        "--model",
        model,
        *([] if cached else ["--no-cache"]),
    ]
    return measure(sys.executable, "-m", "subemo", "annotate", film, *source, *options, times=times)


def decoding(film: Path, *, times: int = 1) -> Cost:
    """The cost of decoding the film's sound with ffmpeg alone."""
    return measure(
        ffmpeg_executable(), "-nostdin", "-i", film, "-map", "0:a:0", "-f", "null", "-", times=times
    )


def report(name: str, cost: Cost, than: Cost | None = None) -> None:
    """Prints a line."""
    ratio = f"   {cost.seconds / than.seconds:6.2f} × subemo" if than else ""
    figures = f"{cost.seconds:8.2f} s {cost.cpu_seconds:8.2f} CPU s {cost.peak_mb:6.0f} MB"
    print(f"{name:<44} {figures}{ratio}", flush=True)
