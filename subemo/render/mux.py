"""The tagged subtitles as a track of a copy of the film; everything else is copied unchanged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.errors import OutputError
from ..core.files import scratch
from ..core.progress import OnStep, ignore
from ..core.times import clock
from ..formats import parse_document
from ..formats.base import CaptionReader
from ..formats.proof import prove
from ..formats.registry import TRACK_CODECS, keeps_styles, styled_text, track_format
from ..media import file_url, film_input
from ..sources.lookup import embedded
from ..subtitles.document import Cue, Document
from ..subtitles.encoding import refuse_doubt
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import Palette
from ..tagging.languages import three_letters
from .video_encoding import OnWarning, Rendering, muxer_of, rendering

#: How much later a track may begin in the new film, in milliseconds.
_LATEST_MS = 100


def mux(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    colours: Palette | None = None,
    overwrite: bool = False,
    on_step: OnStep = ignore,
    on_warning: OnWarning = ignore,
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
        on_warning: called with each warning

    Raises:
        OutputError: if the file cannot or must not be written
        MediaError: if the container does not support the film's tracks
    """
    muxer = muxer_of(output, (".mp4", ".m4v", ".mkv", ".webm"))
    has_styles = colours is not None or keeps_styles(annotation.document)
    form = track_format(muxer, has_styles=has_styles)
    with (
        rendering(
            annotation, output, overwrite=overwrite, on_step=on_step, on_warning=on_warning
        ) as made,
        scratch() as folder,
    ):
        subtitles = folder / f"subtitles{form.suffixes[0]}"
        subtitles.write_bytes(as_utf8(annotation, form.name, colours=colours))
        if not subtitles.stat().st_size:
            raise OutputError("nothing to write: no cue has words or a tag", path=output)
        info = made.info
        made.encode(
            _command(annotation, subtitles, made, muxer=muxer, form=form),
            stage="muxing",
            remedy="Picture and sound are copied as they are. If this container cannot hold them, "
            "write an .mkv.",
        )
        made.read_back([*info.video, *info.audio], subtitles=len(info.subtitles) + 1)
        _check_track(made.path, len(info.subtitles), subtitles.read_bytes(), output)


def _check_track(film: Path, number: int, captions: bytes, output: Path) -> None:
    """Checks that a film's track has the captions.

    Raises:
        OutputError: if it lacks one
    """
    there, asked = embedded(film, number).document, parse_document(captions, path=output)
    # Containers without times before 0 begin a little later, with picture and sound.
    late_ms = min((cue.start_ms for cue in there.cues), default=0) - min(
        cue.start_ms for cue in asked.cues
    )
    found = {_words_at(cue, there, late_ms) for cue in there.cues}
    for cue in asked.cues:
        if abs(late_ms) > _LATEST_MS or _words_at(cue, asked) not in found:
            raise OutputError(
                f"the caption at {clock(cue.start_ms)} would be lost", path=output,
                remedy="Write an .mkv, which holds captions as they are.",
            )  # fmt: skip


def _words_at(cue: Cue, document: Document, late_ms: int = 0) -> tuple[int, str]:
    """What identifies a caption in all containers: its start and its words."""
    words = "".join(styled_text(cue.text, document.form).plain.split())
    return cue.start_ms - late_ms, words


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
    made: Rendering,
    *,
    muxer: str,
    form: CaptionReader,
) -> Any:
    import ffmpeg

    tracks = made.info.subtitles
    film = film_input(made.info)
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
    # Elsewhere ffmpeg would make a track of pictures of a cover.
    pictures = ["v?"] if muxer == "mp4" else [str(one.index) for one in made.info.video]
    parts = [*(film[one] for one in pictures), film["a?"], film["s?"], text["s"]]
    if muxer == "matroska":
        parts.insert(-1, film["t?"])  # attached fonts
    return ffmpeg.output(*parts, file_url(made.path), **options)
