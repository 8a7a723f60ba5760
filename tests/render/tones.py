"""Films whose picture and sound tell the time, and what they tell.

In second *k* the picture has the brightness 16 + 15 *k*, and from *k* + 0.25 s to *k* + 0.65 s a
tone of 400 + 100 *k* hertz sounds.
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from ..conftest import run_ffmpeg, write_wav

SECONDS, RATE = 12, 16_000


def film_of_tones(folder: Path) -> Path:
    """Twelve seconds, five pictures each, whose picture and sound both begin at 0."""
    time = np.arange(SECONDS * RATE) / RATE
    second = np.floor(time)
    tone = 0.5 * np.sin(2 * np.pi * (400 + 100 * second) * time)
    sound = np.where((time - second >= 0.25) & (time - second < 0.65), tone, 0)
    wav, film = (
        write_wav(folder / "tones.wav", sound.astype(np.float32), RATE),
        folder / "tones.mkv",
    )
    run_ffmpeg(
        "-f", "lavfi", "-i", f"color=black:s=160x90:r=5:d={SECONDS},geq=lum='16+15*floor(T)':cb=128:cr=128",
        "-i", wav, "-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-c:a", "aac", "-b:a", "48k", film,
    )  # fmt: skip
    return film


def moved(film: Path, path: Path, *options: str, picture_s: float = 0, sound_s: float = 0) -> Path:
    """A copy whose picture and sound begin at other times."""
    run_ffmpeg(
        "-itsoffset", str(picture_s), "-i", film, "-itsoffset", str(sound_s), "-i", film,
        "-map", "0:v", "-map", "1:a", "-c", "copy", *options, path,
    )  # fmt: skip
    return path


def picture_at(film: Path, *, top: float = 1.0) -> float:
    """How late the picture is by its frames' time stamps; *top* is the share that is looked at."""
    found: dict[int, float] = {}
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            luma = frame.to_ndarray(format="gray")
            second = round(float(np.median(luma[: round(len(luma) * top)])) * 219 / 255 / 15)
            found.setdefault(second, (frame.time or 0.0))
    return float(np.median([found[second] - second for second in range(2, SECONDS - 1)]))


def sound_at(film: Path, track: int = 0) -> float:
    """How late the sound is by its frames' time stamps."""
    late = []
    with av.open(str(film)) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        parts, first = [], None
        for frame in container.decode(audio=track):
            first = (frame.time or 0.0) if first is None else first
            parts += [one.to_ndarray()[0] for one in resampler.resample(frame)]
    sound = np.concatenate(parts)
    times = np.arange(sound.size) / RATE
    for second in range(1, SECONDS - 1):
        wave = np.exp(-2j * np.pi * (400 + 100 * second) * times)
        level = np.abs(np.convolve(sound * wave, np.ones(800) / 800, "same"))
        late.append(first + np.flatnonzero(level > level.max() / 2)[0] / RATE - second - 0.25)
    return float(np.median(late))
