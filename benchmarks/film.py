"""A two-hour film made from a repeated reel: H.264, AAC stereo 48 kHz, 1,500 cues."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from subemo.captions import read_document
from subemo.formats.srt import format_block
from subemo.media import ffmpeg_executable

from .synthetic_films import SpokenLine, build_film

REEL_MS = 600_000
REELS = 12
CUES = 1_500
SHARED = Path(__file__).parents[2] / "shared" / "data"


def paths(folder: Path) -> tuple[Path, Path]:
    """The paths of the film and its subtitles."""
    return folder / "film.mp4", folder / "film.srt"


def build(folder: Path) -> None:
    """Makes the film and its subtitles, unless they exist in *folder*."""
    film, subtitles = paths(folder)
    if subtitles.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    reel = folder / "reel.mp4"
    build_film(_lines(), reel, duration_ms=REEL_MS, music=_music())
    _run(
        "-stream_loop", str(REELS - 1), "-i", reel, "-map", "0", "-c", "copy", film
    )  # fmt: skip
    cues = read_document(reel.with_suffix(".srt")).cues
    blocks = [
        format_block(
            reel_number * len(cues) + cue.index + 1,
            reel_number * REEL_MS + cue.start_ms,
            reel_number * REEL_MS + cue.end_ms,
            cue.text,
        )
        for reel_number in range(REELS)
        for cue in cues
    ]
    subtitles.write_text("\n".join(blocks), newline="")


def cut_film(film: Path, subtitles: Path, *, minutes: int) -> tuple[Path, Path]:
    """The film's first minutes, and their cues."""
    cut = film.with_name(f"film-{minutes}.mp4")
    if not cut.exists():
        _run("-i", film, "-t", str(60 * minutes), "-map", "0", "-c", "copy", cut)
    count = sum(cue.end_ms <= 60_000 * minutes for cue in read_document(subtitles).cues)
    return cut, first_cues(subtitles, count)


def first_cues(subtitles: Path, count: int) -> Path:
    """A subtitle file with the first *count* cues of *subtitles*."""
    path = subtitles.with_name(f"first-{count}.srt")
    cues = islice(read_document(subtitles).cues, count)
    blocks = [format_block(c.index + 1, c.start_ms, c.end_ms, c.text) for c in cues]
    path.write_text("\n".join(blocks), newline="")
    return path


def _lines() -> list[SpokenLine]:
    """Speech from the corpora, one line every few seconds."""
    clips = sorted(SHARED.glob("ravdess/*/*.flac")) + sorted(SHARED.glob("savee/*/*.flac"))
    if not clips:
        raise SystemExit("the benchmark's film needs the corpora in ../shared/data")
    count = CUES // REELS
    generator = np.random.default_rng(0)
    starts = np.linspace(0, REEL_MS, count + 1).astype(int)
    return [
        SpokenLine(int(start), clips[generator.integers(len(clips))], f"Line {number}.")
        for number, (start, _) in enumerate(pairwise(starts))
    ]


def _music() -> Path:
    """The first background track available."""
    return next(iter(sorted((SHARED / "backgrounds" / "music").glob("*.ogg"))))


def _run(*arguments: str | Path) -> None:
    command = [ffmpeg_executable(), "-y", "-nostdin", "-loglevel", "error", *map(str, arguments)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
