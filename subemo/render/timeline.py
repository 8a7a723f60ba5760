"""A copy of the film with its captions on the picture and a strip of its emotions below it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.errors import MediaError
from ..core.progress import OnStep, Step, ignore
from ..core.scratch import scratch
from ..media import GUARDS, file_url, probe
from ..media.moviepy_adapter import moviepy_processes
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import Palette
from .burn import drawn_text
from .fonts import font_for
from .lower_third import LowerThird
from .mood_strip import MoodStrip, mood_strip
from .video_encoding import encode, muxer_of, whole_or_nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    from .mood_strip import Pixels

#: The height of the strip as a share of the picture's, and its minimum, in pixels.
_STRIP, _LEAST_STRIP = 1 / 5, 40


def timeline(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    font: Path | None = None,
    colours: Palette | None = None,
    overwrite: bool = False,
    on_step: OnStep = ignore,
) -> None:
    """Writes a copy of the film with its captions, and the strip of `mood_strip` below it.

    Args:
        annotation: the film and its cues
        output: ``.mp4``, ``.m4v``, ``.mov`` or ``.mkv``
        font: a font file; None for a font of this machine that has all characters
        colours: the colours of the emotions
        overwrite: whether an existing file may be replaced
        on_step: called with each step of progress

    Raises:
        OutputError: if no font has all characters, or the output cannot be written
        MediaError: if the film has no picture or cannot be read
    """
    from moviepy import VideoFileClip

    muxer_of(output, (".mp4", ".m4v", ".mov", ".mkv"))
    info = probe(annotation.video)
    if not info.video:
        raise MediaError("no picture in this file to stand over a strip", path=annotation.video)
    letters = font_for(f"{drawn_text(annotation)} abcdefghijklmnopqrstuvwxyz", named=font).path
    with (
        whole_or_nothing(output, inputs=list(annotation.inputs), overwrite=overwrite) as temporary,
        scratch() as folder,
        moviepy_processes(),
        VideoFileClip(str(_bare(annotation.video, folder, on_step)), audio=False) as film,
    ):
        width, height = (side - side % 2 for side in film.size)
        duration_ms = max(1, round(film.duration * 1000))
        strip_height = max(_LEAST_STRIP, round(height * _STRIP)) // 2 * 2
        strip = mood_strip(
            annotation, width, strip_height, duration_ms=duration_ms, font=letters, colours=colours
        )
        captions = LowerThird(annotation, (width, height), font=letters, colours=colours)
        film.transform(_composed(captions, strip, film.duration)).write_videofile(
            str(temporary.absolute()),
            codec="libx264",
            # ffmpeg encodes it in the same pass; it does not go through Python.
            audio=str(_sound(annotation.video, folder, on_step)) if info.audio else False,
            audio_codec="aac",
            preset="veryfast",
            logger=_bar(duration_ms, on_step),
        )


def _composed(
    captions: LowerThird, strip: MoodStrip, duration_s: float
) -> Callable[[Callable[[float], Pixels], float], Pixels]:
    """Returns a function that composes a frame from the film's frame at the same time."""

    def compose(frame_at: Callable[[float], Pixels], at_s: float) -> Pixels:
        frame = frame_at(at_s)
        whole = np.empty((captions.height + len(strip.behind), captions.width, 3), np.uint8)
        picture = whole[: captions.height]
        picture[:] = frame[: captions.height, : captions.width]
        captions.draw(picture, at_s * 1000)
        strip.draw(whole[captions.height :], at_s / duration_s)
        return whole

    return compose


def _bare(video: Path, folder: Path, on_step: OnStep) -> Path:
    """Copies the film's picture only, with the guards of `subemo.media`.

    moviepy has no guards against files that make ffmpeg open other files, and fails on some
    subtitle tracks.
    """
    return _copied(video, "v:0", folder / "picture.mkv", on_step)


def _sound(video: Path, folder: Path, on_step: OnStep) -> Path:
    """Copies the film's sound only, likewise."""
    return _copied(video, "a:0", folder / "sound.mkv", on_step)


def _copied(video: Path, stream: str, copy: Path, on_step: OnStep) -> Path:
    import ffmpeg

    film = ffmpeg.input(file_url(video), **GUARDS)
    command = ffmpeg.output(film[stream], str(copy), c="copy", map_metadata=-1)
    encode(command, video, stage="reading", duration_ms=None, on_step=on_step)
    return copy


def _bar(duration_ms: int, on_step: OnStep) -> Any:
    """Reports moviepy's progress as steps of subemo."""
    from proglog import ProgressBarLogger

    class Bar(ProgressBarLogger):  # type: ignore[misc]
        def bars_callback(self, bar: str, attr: str, value: int, *_: Any) -> None:
            total = self.bars[bar].get("total")
            if bar == "frame_index" and attr == "index" and total:
                on_step(Step("rendering", value * duration_ms // total, duration_ms))

    return Bar()
