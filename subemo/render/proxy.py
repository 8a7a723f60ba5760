"""A small copy of a film that every browser can play."""

from __future__ import annotations

from pathlib import Path

from ..core.progress import OnStep, ignore
from ..media import Track, chosen_track, file_url, film_input
from ..tagging.annotation import AnnotatedFilm
from .video_encoding import FROM_ZERO, OnWarning, rendering

#: The largest height of the picture.
_HEIGHT = 360


def proxy(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    overwrite: bool = False,
    on_step: OnStep = ignore,
    on_warning: OnWarning = ignore,
) -> None:
    """Writes a copy in H.264 and AAC with at most 360 lines, which plays while loading.

    It has the audio track that was heard, from the film's time 0.

    Raises:
        OutputError: if the file cannot or must not be written
        MediaError: if the film cannot be encoded
    """
    import ffmpeg

    with rendering(
        annotation, output, overwrite=overwrite, on_step=on_step, on_warning=on_warning
    ) as made:
        tracks: list[Track] = [chosen_track(made.info, annotation.audio_stream)]
        film = film_input(made.info)
        # It begins at the film's time 0, since browsers disagree on films that begin later.
        streams = [film[str(tracks[0].index)].filter("aresample", **FROM_ZERO)]
        if made.info.video:
            tracks.insert(0, made.info.video[0])
            picture = film[str(tracks[0].index)]
            streams.insert(0, picture.filter("scale", -2, f"min({_HEIGHT},trunc(ih/2)*2)"))
        command = ffmpeg.output(
            *streams, file_url(made.path),
            **{"c:v": "libx264", "preset": "veryfast", "crf": 28, "pix_fmt": "yuv420p",
               "c:a": "aac", "b:a": "96k", "ac": 2, "movflags": "+faststart", "f": "mp4",
               "enc_time_base:v": "demux"},
        )  # fmt: skip
        made.encode(command, stage="copying")
        made.read_back(tracks)
