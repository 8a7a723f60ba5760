"""Time and memory by length of the film: 1 minute, 30 minutes, 2 hours; cold and warm.

    python -m benchmarks.length [FOLDER] [PICTURE]

Cold means with an empty page cache, which only root can clear (Linux); a run
directly after booting is equivalent.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from matplotlib.figure import Figure

from subemo.core.files import write_atomically
from subemo.render.canvas import new_figure, render

from .film import cut_film, paths
from .measuring import Cost, annotate, decoding, measure, report

MINUTES = (1, 10, 30, 60, 120)
MODELS = ("report-crnn", "subemo-crnn")
_DROP = Path("/proc/sys/vm/drop_caches")


def main(folder: Path, picture: Path) -> None:
    """Measures everything and plots it."""
    subprocess.run([sys.executable, "-m", "benchmarks.film", str(folder)], check=True)
    film, subtitles = paths(folder)
    out = folder / "out.srt"
    start = measure(sys.executable, "-m", "subemo", "--help", times=5)
    report("subemo --help", start)
    costs: dict[str, list[Cost]] = {name: [] for name in ("ffmpeg, decoding alone", *MODELS)}
    for minutes in MINUTES:
        part = (film, subtitles) if minutes == 120 else cut_film(film, subtitles, minutes=minutes)
        times = 5 if minutes == 1 else 3 if minutes <= 30 else 1
        for name, of_name in costs.items():
            cost = (
                annotate(*part, out, model=name, times=times)
                if name in MODELS
                else decoding(part[0], times=times)
            )
            of_name.append(cost)
            report(f"{minutes:4} minutes: {name}", cost)
        if minutes == 1 and os.access(_DROP, os.W_OK):
            for name in MODELS:
                os.sync()
                _DROP.write_text("3")
                report(f"{minutes:4} minutes, cold: {name}", annotate(*part, out, model=name))
    write_atomically(picture, render(_drawn(costs)), overwrite=True)
    print(f"Written: {picture}")


def _drawn(costs: dict[str, list[Cost]]) -> Figure:
    figure: Figure = new_figure(width=8.0, height=3.5)
    seconds, memory = figure.subplots(1, 2)
    for (name, of_name), style in zip(costs.items(), ("k:", "s--", "o-"), strict=True):
        seconds.plot(MINUTES, [cost.seconds for cost in of_name], style, label=name)
        memory.plot(MINUTES, [cost.peak_mb for cost in of_name], style, label=name)
    seconds.set(xlabel="film (minutes)", ylabel="time (s)", ylim=0, title="Two cores")
    memory.set(xlabel="film (minutes)", ylabel="largest process (MB)", ylim=0, title="Memory")
    seconds.legend()
    for axes in (seconds, memory):
        axes.grid(alpha=0.3)
    return figure


if __name__ == "__main__":
    main(
        Path(sys.argv[1] if len(sys.argv) > 1 else "runs/bench"),
        Path(sys.argv[2] if len(sys.argv) > 2 else "runs/bench/length.png"),
    )
