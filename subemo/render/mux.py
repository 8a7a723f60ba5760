"""The tagged subtitles as a track of a copy of the film; everything else is copied unchanged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.errors import OutputError
from ..core.progress import OnStep, ignore
from ..core.scratch import scratch
from ..formats.base import CaptionReader
from ..formats.proof import prove
from ..formats.registry import TRACK_CODECS, keeps_styles, track_format
from ..media import GUARDS, SubtitleStream, file_url, probe
from ..subtitles.encoding import refuse_doubt
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import Palette
from ..tagging.languages import three_letters
from .video_encoding import encode, muxer_of, whole_or_nothing


def mux(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    colours: Palette | None = None,
    overwrite: bool = False,
    on_step: OnStep = ignore,
) -> None:
    """Writes a copy of the film with the tagged subtitles as its last track.

    Picture and sound are copied, not re-encoded; other tracks are kept. The
    new track is marked with its language and as for the hard of hearing.

    Args:
        annotation: the annotated film
        output: ``.mp4``, ``.m4v``, ``.mkv`` or ``.webm``
        colours: colours of the tags, in ``.mkv`` only
        overwrite: whether an existing file may be replaced
        on_step: called with each step of progress

    Raises:
        OutputError: if the file cannot or must not be written
        MediaError: if the container does not support the film's tracks
    """
    muxer = muxer_of(output, (".mp4", ".m4v", ".mkv", ".webm"))
    info = probe(annotation.video)
    has_styles = colours is not None or keeps_styles(annotation.document)
    form = track_format(muxer, has_styles=has_styles)
    with (
        whole_or_nothing(output, inputs=list(annotation.inputs), overwrite=overwrite) as temporary,
        scratch() as folder,
    ):
        subtitles = folder / f"subtitles{form.suffixes[0]}"
        subtitles.write_bytes(as_utf8(annotation, form.name, colours=colours))
        if not subtitles.stat().st_size:
            raise OutputError("nothing to write: no cue has words or a tag", path=output)
        command = _command(
            annotation, subtitles, temporary, muxer=muxer, form=form, tracks=info.subtitles
        )
        encode(
            command,
            annotation.video,
            stage="muxing",
            duration_ms=info.duration_ms,
            on_step=on_step,
            remedy="Picture and sound are copied as they are. If this container cannot hold them, "
            "write an .mkv.",
        )


def as_utf8(annotation: AnnotatedFilm, form: str, *, colours: Palette | None = None) -> bytes:
    """The annotated subtitles for ffmpeg, in well-formed UTF-8.

    An author's styles are kept; files of other formats are rebuilt from
    their cues, so that nothing malformed remains.
    """
    document = annotation.document
    if document is not None:
        refuse_doubt(document.encoding, annotation.subtitles)
    if document is not None and document.form == form and keeps_styles(document):
        data = prove(annotation, form, colours=colours).data
        text = document.encoding.decode(data[len(document.encoding.bom) :])
        return text.encode("utf-8", "replace")
    return prove(replace(annotation, document=None), form, colours=colours).data


def _command(
    annotation: AnnotatedFilm,
    subtitles: Path,
    output: Path,
    *,
    muxer: str,
    form: CaptionReader,
    tracks: tuple[SubtitleStream, ...],
) -> Any:
    import ffmpeg

    film = ffmpeg.input(file_url(annotation.video), **GUARDS)
    text = ffmpeg.input(
        file_url(subtitles),
        protocol_whitelist="file,pipe",
        format_whitelist=",".join(reading.demuxer for reading in form.readings("")),
    )
    new = f"s:s:{len(tracks)}"
    options: dict[str, Any] = {
        "c": "copy",
        f"c:s:{len(tracks)}": form.tracks[muxer],
        f"metadata:{new}": f"language={three_letters(annotation.language)}",
        f"disposition:{new[2:]}": "hearing_impaired",
        "map_metadata": 0,
        "fflags": "+bitexact",  # otherwise Matroska gets a random ID each time
        "f": muxer,
    }
    for track in tracks:
        if track.codec in TRACK_CODECS and muxer not in TRACK_CODECS[track.codec][1].films:
            options[f"c:s:{track.number}"] = track_format(muxer).tracks[muxer]
    parts = [film["v?"], film["a?"], film["s?"], text["s"]]
    if muxer == "matroska":
        parts.insert(3, film["t?"])  # attached fonts
    return ffmpeg.output(*parts, file_url(output), **options)
