"""A copy of the film over a running strip of its emotions, for talks and papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.errors import MediaError
from ..core.progress import OnStep, Step, ignore
from ..core.scratch import scratch
from ..media import GUARDS, file_url, probe
from ..media.moviepy_adapter import moviepy_processes
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import Palette
from .mood_strip import draw_strip
from .video_encoding import encode, muxer_of, whole_or_nothing


def timeline(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    colours: Palette | None = None,
    overwrite: bool = False,
    on_step: OnStep = ignore,
) -> None:
    """Writes a copy of the film with the strip of `draw_strip` under it, and a running mark.

    Args:
        annotation: the film and its cues
        output: ``.mp4``, ``.m4v``, ``.mov`` or ``.mkv``
        colours: of the emotions
        overwrite: whether an existing file may be replaced
        on_step: called with each step of progress

    Raises:
        OutputError: if nothing can or may be written there
        MediaError: if the film has no picture or cannot be read
    """
    import numpy as np
    from moviepy import ColorClip, CompositeVideoClip, ImageClip, VideoFileClip

    muxer_of(output, (".mp4", ".m4v", ".mov", ".mkv"))
    info = probe(annotation.video)
    if not info.video:
        raise MediaError("no picture in this file to stand over a strip", path=annotation.video)
    with (
        whole_or_nothing(output, inputs=list(annotation.inputs), overwrite=overwrite) as temporary,
        scratch() as folder,
        moviepy_processes(),
        VideoFileClip(str(_bare(annotation.video, folder, on_step))) as film,
    ):
        width, height = (side - side % 2 for side in film.size)
        strip_height = max(24, height // 6) // 2 * 2
        duration_ms = round(film.duration * 1000)
        strip = draw_strip(
            annotation, width, strip_height, duration_ms=duration_ms, colours=colours
        )
        picture = ImageClip(np.asarray(strip), duration=film.duration).with_position((0, height))
        mark = ColorClip((2, strip_height), color=(255, 255, 255), duration=film.duration)
        mark = mark.with_position(lambda t: (int(t / film.duration * (width - 2)), height))
        whole = CompositeVideoClip([film, picture, mark], size=(width, height + strip_height))
        with whole:
            whole.with_duration(film.duration).write_videofile(
                str(temporary.absolute()),
                codec="libx264",
                audio_codec="aac",
                preset="veryfast",
                temp_audiofile_path=str(folder),
                logger=_bar(duration_ms, on_step),
            )


def _bare(video: Path, folder: Path, on_step: OnStep) -> Path:
    """The film's picture and sound alone, copied under our guards.

    moviepy asks no questions of a file that could open others, and stumbles
    over subtitle tracks.
    """
    import ffmpeg

    copy = folder / "film.mkv"
    film = ffmpeg.input(file_url(video), **GUARDS)
    command = ffmpeg.output(film["v:0"], film["a:0?"], str(copy), c="copy", map_metadata=-1)
    encode(command, video, stage="reading", duration_ms=None, on_step=on_step)
    return copy


def _bar(duration_ms: int, on_step: OnStep) -> Any:
    """Passes the reports of moviepy on as ours."""
    from proglog import ProgressBarLogger

    class Bar(ProgressBarLogger):  # type: ignore[misc]
        def bars_callback(self, bar: str, attr: str, value: int, *_: Any) -> None:
            total = self.bars[bar].get("total")
            if bar == "frame_index" and attr == "index" and total:
                on_step(Step("rendering", value * duration_ms // total, duration_ms))

    return Bar()
