"""Films made from labelled clips over music, for demos, tests and benchmarks.

pydub mixes the sound, moviepy adds a picture and encodes both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from subemo.core.files import scratch, write_atomically
from subemo.formats.srt import format_block
from subemo.media.audio import load
from subemo.research.films.building import pydub_segment

_SAMPLE_RATE = 48_000
_PICTURE = (320, 180)
_FPS = 5


@dataclass(frozen=True)
class SpokenLine:
    """A line of a film.

    Attributes:
        start_ms: start time
        clip: its sound file
        text: its subtitle
    """

    start_ms: int
    clip: Path
    text: str


def build_film(
    lines: Sequence[SpokenLine],
    output: Path,
    *,
    duration_ms: int,
    music: Path | None = None,
    music_gain_db: float = -15.0,
) -> None:
    """Writes a film (H.264, AAC stereo 48 kHz) and its subtitles beside it.

    Args:
        lines: the spoken lines
        output: the film, ``.mp4`` or ``.mkv``; the subtitles get its name and ``.srt``
        duration_ms: of the film
        music: a sound file looped under the whole film
        music_gain_db: the gain of the music in decibels
    """
    from moviepy import ColorClip

    track = _silence(duration_ms)
    if music is not None:
        bed = _segment(music) + music_gain_db
        bed = (bed * (duration_ms // len(bed) + 1))[:duration_ms]
        track = track.overlay(bed.fade_in(500).fade_out(500))
    cues = []
    for number, line in enumerate(sorted(lines, key=lambda line: line.start_ms), start=1):
        speech = _segment(line.clip)
        track = track.overlay(speech.fade_in(10).fade_out(10), position=line.start_ms)
        end_ms = min(line.start_ms + len(speech), duration_ms)
        cues.append(format_block(number, line.start_ms, end_ms, line.text))

    with scratch() as folder:
        sound = folder / "sound.wav"
        track.export(sound, format="wav").close()
        picture = ColorClip(_PICTURE, color=(32, 32, 48), duration=duration_ms / 1000)
        with picture:
            picture.write_videofile(
                str(output),
                fps=_FPS,
                codec="libx264",
                audio=str(sound),
                audio_codec="aac",
                preset="ultrafast",
                logger=None,
            )
    subtitles = "\n".join(cues).encode()
    write_atomically(output.with_suffix(".srt"), subtitles, overwrite=True)


def _segment(path: Path) -> Any:
    """A sound file as a pydub segment: stereo, 16 bits."""
    samples = load(path, sample_rate=_SAMPLE_RATE)
    integers = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    mono = pydub_segment()(
        data=integers.tobytes(), sample_width=2, frame_rate=_SAMPLE_RATE, channels=1
    )
    return mono.set_channels(2)


def _silence(duration_ms: int) -> Any:
    silent = pydub_segment().silent(duration=duration_ms, frame_rate=_SAMPLE_RATE)
    return silent.set_channels(2)
