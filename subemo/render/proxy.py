"""A small copy of a film that every browser can play."""

from __future__ import annotations

from pathlib import Path

from ..core.progress import OnStep, ignore
from ..media import GUARDS, file_url, probe
from ..tagging.annotation import AnnotatedFilm
from .video_encoding import encode, whole_or_nothing

#: The largest height of the picture.
_HEIGHT = 360


def proxy(
    annotation: AnnotatedFilm, output: Path, *, overwrite: bool = False, on_step: OnStep = ignore
) -> None:
    """Writes a copy in H.264 and AAC with at most 360 lines, which plays while loading.

    Raises:
        OutputError: if the file cannot or must not be written
        MediaError: if the film cannot be encoded
    """
    import ffmpeg

    info = probe(annotation.video)
    film = ffmpeg.input(file_url(annotation.video), **GUARDS)
    streams = [film["a:0"]]
    if info.video:
        streams.insert(0, film["v:0"].filter("scale", -2, f"min({_HEIGHT},trunc(ih/2)*2)"))
    with whole_or_nothing(output, inputs=list(annotation.inputs), overwrite=overwrite) as temporary:
        command = ffmpeg.output(
            *streams, file_url(temporary),
            **{"c:v": "libx264", "preset": "veryfast", "crf": 28, "pix_fmt": "yuv420p",
               "c:a": "aac", "b:a": "96k", "ac": 2, "movflags": "+faststart", "f": "mp4"},
        )  # fmt: skip
        encode(
            command,
            annotation.video,
            stage="copying",
            duration_ms=info.duration_ms,
            on_step=on_step,
        )
