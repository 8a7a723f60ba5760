"""`subemo annotate` on two hours of film, against the report's way and against ffmpeg alone.

    python -m benchmarks.annotate [FOLDER]

Everything is measured in one run on one machine, each as a process of its own
with its start-up; only the ratios mean anything elsewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from subemo.media import ffmpeg_executable, probe
from subemo.model import DEFAULT_MODEL

from .film import first_cues, paths


@dataclass(frozen=True)
class Cost:
    """What a program took."""

    seconds: float
    peak_mb: float


def measure(*command: str | Path) -> Cost:
    """Wall time, and the peak memory of the largest process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed: {complaint.decode()[-500:]}")
    return Cost(time.perf_counter() - started, usage.ru_maxrss / 1024)


def annotate(film: Path, subtitles: Path, out: Path, *, model: str = "report-crnn") -> Cost:
    """What the command takes; by default with the model that the report's way has, too."""
    program = [sys.executable, "-m", "subemo"]
    options = ["-o", out, "--overwrite", "--model", model]
    return measure(*program, "annotate", film, subtitles, *options)


def report(name: str, cost: Cost, than: Cost | None = None) -> None:
    """Prints a line."""
    ratio = f"   {cost.seconds / than.seconds:6.2f} × subemo" if than else ""
    print(f"{name:<34} {cost.seconds:8.2f} s {cost.peak_mb:8.0f} MB{ratio}", flush=True)


def main(folder: Path) -> None:
    """Measures all, on the film in *folder*."""
    # In a process of its own: what this one holds would count as its children's peak.
    subprocess.run([sys.executable, "-m", "benchmarks.film", str(folder)], check=True)
    film, subtitles = paths(folder)
    few = first_cues(subtitles, 200)
    duration_ms = probe(film).duration_ms
    assert duration_ms is not None
    print(f"film of {duration_ms / 60_000:.0f} minutes, {film.stat().st_size / 1e6:.0f} MB")

    floor = measure(
        ffmpeg_executable(), "-nostdin", "-i", film, "-map", "0:a:0", "-f", "null", "-"
    )  # fmt: skip
    report("ffmpeg, decoding alone", floor)
    out = folder / "out.srt"
    ours = annotate(film, subtitles, out)
    report("subemo, 1,500 cues", ours)
    report("subemo's default model", annotate(film, subtitles, out, model=DEFAULT_MODEL), ours)
    ours_few = annotate(film, few, out)
    report("subemo, first 200 cues", ours_few)
    print(f"subemo takes {ours.seconds / floor.seconds:.2f} × the floor")

    short = folder / "reel.mp4"
    base = annotate(short, short.with_suffix(".srt"), out)
    hours = (duration_ms - 600_000) / 3_600_000
    print(f"memory grows by {(ours.peak_mb - base.peak_mb) / hours:.1f} MB per hour of film")

    slow = [sys.executable, "-m", "benchmarks.report_way"]
    report("the report's way, 1,500 cues", measure(*slow, film, subtitles), ours)
    report("the report's way, first 200 cues", measure(*slow, film, few), ours_few)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/bench"))
