"""`subemo annotate` on a two-hour film, compared with the report's method and ffmpeg alone.

    python -m benchmarks.annotate [FOLDER]

Everything is measured in one run on one machine, each as a separate process
including its start-up, as the median of three runs if they are short; only the
ratios are meaningful elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from subemo.media import probe

from .film import first_cues, paths
from .measuring import Cost, annotate, decoding, measure, report


def main(folder: Path) -> None:
    """Measures everything on the film in *folder*."""
    # In a separate process: this one's memory would count towards its children's peak.
    subprocess.run([sys.executable, "-m", "benchmarks.film", str(folder)], check=True)
    film, subtitles = paths(folder)
    few = first_cues(subtitles, 200)
    reel = folder / "reel.mp4"
    duration_ms = probe(film).duration_ms
    assert duration_ms is not None
    hours = (duration_ms - 600_000) / 3_600_000
    out = folder / "out.srt"
    print(f"film of {duration_ms / 60_000:.0f} minutes, {film.stat().st_size / 1e6:.0f} MB")

    floor = decoding(film, times=3)
    report("ffmpeg, decoding alone", floor)
    for model in ("report-crnn", "subemo-crnn"):
        ours = annotate(film, subtitles, out, model=model, times=3)
        report(f"{model}, 1,500 cues", ours)
        print(f"  {ours.seconds / floor.seconds:.2f} × the decoding")
        base = annotate(reel, reel.with_suffix(".srt"), out, model=model)
        print(f"  memory grows by {(ours.peak_mb - base.peak_mb) / hours:.1f} MB an hour of film")
        _known(film, subtitles, out, model, ours)
    unaided = annotate(film, None, out)
    report("subemo-crnn, without subtitles", unaided)

    ours = annotate(film, subtitles, out, model="report-crnn")
    ours_few = annotate(film, few, out, model="report-crnn")
    report("report-crnn, first 200 cues", ours_few)
    slow = [sys.executable, "-m", "benchmarks.report_way"]
    report("the report's way, 1,500 cues", measure(*slow, film, subtitles), ours)
    report("the report's way, first 200 cues", measure(*slow, film, few), ours_few)


def _known(film: Path, subtitles: Path, out: Path, model: str, first: Cost) -> None:
    """The same film again, with its analysis cached."""
    annotate(film, subtitles, out, model=model, cached=True)
    again = annotate(film, subtitles, out, model=model, cached=True, times=3)
    report(f"{model}, cached", again)
    print(f"  {first.seconds / again.seconds:.0f} times as fast")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/bench"))
