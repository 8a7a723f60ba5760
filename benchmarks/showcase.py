"""All outputs of subemo for the sample trailer, in one folder.

``python -m benchmarks.showcase FOLDER`` (``make showcase``). Every cue is
tagged, whatever the model's confidence, so that there is something to see.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from subemo.cli import main as subemo
from subemo.formats import FORMATS
from subemo.tagging.presets import PRESETS

SAMPLES = Path(__file__).parents[1] / "samples"


def run(*arguments: str | Path) -> None:
    """Runs subemo, which must not fail."""
    command = [str(argument) for argument in arguments]
    print("subemo", *command, flush=True)
    if subemo(command) != 0:
        sys.exit(f"failed: subemo {' '.join(command)}")


def main(folder: Path) -> None:
    """Writes all outputs, replacing those of an earlier run."""
    folder.mkdir(exist_ok=True)
    video = Path(shutil.copy(SAMPLES / "trailer.mp4", folder / "trailer.mp4"))
    subs = Path(shutil.copy(SAMPLES / "trailer.srt", folder / "trailer.srt"))
    every = ("annotate", video, subs, "--all", "--overwrite")
    run("annotate", video, subs, "--overwrite", "-o", folder / "sparse.srt", "--verbose")
    for form, writer in FORMATS.items():
        run(*every, "--format", form, "-o", folder / f"trailer.emo{writer.suffixes[0]}")
    for form in ("vtt", "ass", "ttml"):
        run(*every, "--colour", "-o", folder / f"colour{FORMATS[form].suffixes[0]}")
    for preset in PRESETS:
        run(*every, "--preset", preset, "-o", folder / f"preset-{preset}.srt")
    for language in ("de", "ja", "ar"):
        run(*every, "--language", language, "-o", folder / f"tags-in-{language}.vtt")
    run(
        *every, "-o", folder / "films.srt", "--colour", "--mux", folder / "mux.mkv",
        "--burn", folder / "burn.mp4", "--timeline", folder / "timeline.mp4",
        "--plot", folder / "plot.png",
    )  # fmt: skip
    run(*every, "-o", folder / "mp4.srt", "--mux", folder / "mux.mp4")
    run(
        "annotate",
        video,
        "--subs",
        "none",
        "--all",
        "--overwrite",
        "-o",
        folder / "transcribed.srt",
    )
    run("annotate", video, "--subs", "none", "--no-transcribe", "--all", "--overwrite",
        "-o", folder / "tags-alone.srt")  # fmt: skip
    run("check", folder / "trailer.emo.srt", "--csv", folder / "check.csv", "--overwrite")
    run("strip", folder / "trailer.emo.srt", "-o", folder / "stripped.srt", "--overwrite")
    run("review", video, subs, "--all", "--overwrite", "-o", folder / "review.html")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "showcase"))
