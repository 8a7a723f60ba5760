"""What `annotate --timeline` takes on the sample, beside ffmpeg's encoding of the same pictures.

``python -m benchmarks.timeline``: seconds for a second of film, the analysis of its sound left out.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import subemo
from subemo.media import ffmpeg_executable, probe
from subemo.render import timeline
from subemo.tagging.policy import PolicyKind, TagPolicy

from .measuring import measure

SAMPLES = Path(__file__).parents[1] / "samples"


def main() -> None:
    """Measures once, and prints."""
    video, subtitles = SAMPLES / "trailer.mp4", SAMPLES / "trailer.srt"
    made = subemo.annotate(video, subtitles, policy=TagPolicy(policy=PolicyKind.EVERY))
    length = (probe(video).duration_ms or 0) / 1000
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        timeline(made, Path(folder) / "timeline.mp4")
        ours = time.perf_counter() - started
        plain = measure(
            ffmpeg_executable(), "-nostdin", "-i", video, "-c:v", "libx264", "-preset", "veryfast",
            "-vf", "pad=iw:ih*6/5", "-c:a", "aac", Path(folder) / "plain.mp4",
        ).seconds  # fmt: skip
    print(f"timeline: {ours:.1f} s for {length:.1f} s of film, {ours / length:.2f} s a second")
    print(f"ffmpeg alone, the same size: {plain:.1f} s; {ours / plain:.2f} × that")


if __name__ == "__main__":
    main()
