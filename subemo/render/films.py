"""Films with captions: as a track or burned in; a small copy for browsers; captions that are final."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..captions import parse_document, read_bytes
from ..captions.sound_cues import sound_cue_edits
from ..core.errors import OutputError
from ..core.files import scratch
from ..core.progress import OnStep, ignore
from ..core.times import clock
from ..formats.ass import Ass
from ..formats.base import CaptionReader
from ..formats.registry import TRACK_CODECS, keeps_styles, styled_text, track_format
from ..media import Track, VideoStream, chosen_track, file_url, film_input
from ..proof import prove
from ..sources.lookup import embedded
from ..subtitles.document import Cue, Document
from ..subtitles.encoding import refuse_doubt
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import Palette
from ..tagging.decisions import Decision, Reason
from ..tagging.languages import language_of, three_letters
from ..tagging.policy import TagPolicy
from .fonts import font_for
from .video_encoding import FROM_ZERO, OnWarning, Rendering, muxer_of, rendering

#: Messages of libass about text that it did not draw.
_NOT_DRAWN = re.compile(
    r"Glyph 0x\w+ not found|failed to find any fallback|can't find selected font"
)

#: A style and its encoding; with -1 libass takes the direction of a line from its first letter.
_STYLE = re.compile(rb"^(Style: [^\r\n]*),\d+$", re.MULTILINE)

#: The largest height of the picture.
_HEIGHT = 360

#: Tags in them are ordinary words.
_FINAL = Decision(None, Reason.HAS_TAG)


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
    # In containers without times before 0 all begins later: captions, picture and sound.
    late_ms = min((cue.start_ms for cue in there.cues), default=0) - min(
        cue.start_ms for cue in asked.cues
    )
    found = {_words_at(cue, there, late_ms) for cue in there.cues}
    for cue in asked.cues:
        if _words_at(cue, asked) not in found:
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


def burn(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    font: Path | None = None,
    colours: Palette | None = None,
    overwrite: bool = False,
    on_step: OnStep = ignore,
    on_warning: OnWarning = ignore,
) -> None:
    """Writes a copy of the film with the tagged subtitles burned into its picture.

    The picture is re-encoded (H.264), the sound copied.

    Args:
        annotation: the annotated film
        output: ``.mp4``, ``.m4v``, ``.mov`` or ``.mkv``
        font: a font file; None for a font of this machine with all characters
        colours: colours of the tags
        overwrite: whether an existing file may be replaced
        on_step: called with each step of progress
        on_warning: called with each warning

    Raises:
        OutputError: if no font has the characters, or the file must not be written
        MediaError: if the film has no picture or cannot be encoded
    """
    import ffmpeg

    muxer = muxer_of(output, (".mp4", ".m4v", ".mov", ".mkv"))
    with (
        rendering(
            annotation, output, overwrite=overwrite, on_step=on_step, on_warning=on_warning
        ) as made,
        scratch() as folder,
    ):
        picture = made.picture
        script = _script(annotation, folder, picture, font=font, colours=colours)
        film = film_input(made.info)
        drawn = film[str(picture.index)].filter("ass", str(script), fontsdir=str(folder))
        # By default an encoder rounds times to whole pictures.
        times = {"enc_time_base:v": "demux"} if picture.start_us != made.info.zero_us else {}
        command = ffmpeg.output(
            drawn, *(film[str(sound.index)] for sound in made.info.audio), file_url(made.path),
            **{"c:v": "libx264", "preset": "veryfast", "crf": 18, "pix_fmt": "yuv420p",
               "c:a": "copy", "f": muxer, **times},
        )  # fmt: skip
        made.encode(command, stage="burning in")
        lost = next((line for line in made.complaints if _NOT_DRAWN.search(line)), None)
        if lost is not None:
            raise OutputError(
                f"some of the text could not be drawn (libass: {lost.strip()})",
                path=output,
                remedy="Give a font with these characters with `font`.",
            )
        made.read_back([picture, *made.info.audio])


def _script(
    annotation: AnnotatedFilm,
    folder: Path,
    picture: VideoStream,
    *,
    font: Path | None,
    colours: Palette | None,
) -> Path:
    """Writes the script for libass and its font to *folder*."""
    script = folder / f"subtitles{Ass.suffixes[0]}"
    if annotation.document is not None and annotation.document.form == Ass.name:
        script.write_bytes(as_utf8(annotation, Ass.name, colours=colours))
        return script
    if annotation.document is not None:
        refuse_doubt(annotation.document.encoding, annotation.subtitles)
    chosen = font_for(drawn_text(annotation), named=font)
    shutil.copy(chosen.path, folder / f"font{chosen.path.suffix}")
    data = Ass().write_anew(
        annotation,
        colours=colours,
        font=chosen.family,
        size=max(10, round(picture.height / 16)),
        width=picture.width,
        height=picture.height,
    )
    data = _STYLE.sub(rb"\1,-1", data)
    if annotation.sound_cues and annotation.written:
        document = Ass().read(data)
        data = document.edited(sound_cue_edits(document, Ass(), annotation.sound_cues))
    script.write_bytes(data)
    return script


def drawn_text(annotation: AnnotatedFilm) -> str:
    """All text to draw."""
    of_cues = (cue.styled_text.plain + cue.decision.text for cue in annotation.written)
    return "".join([*of_cues, *(cue.text for cue in annotation.sound_cues)])


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


def final_film(
    captions: Path,
    video: Path | None = None,
    *,
    language: str | None = None,
    encoding: str | None = None,
) -> AnnotatedFilm:
    """Makes an annotated film from finished captions.

    Args:
        captions: a subtitle file; tags in it stay unchanged
        video: the film, or None to write captions only
        language: a BCP 47 code; None for that in the captions' name, else English
        encoding: the captions' encoding; None to detect it

    Raises:
        SubtitleError: if the captions cannot be read
    """
    document = parse_document(read_bytes(captions), path=captions, encoding=encoding)
    cues = tuple(
        AnnotatedCue(cue, None, _FINAL, styled_text(cue.text, document.form))
        for cue in document.cues
    )
    return AnnotatedFilm(
        video=video or captions,
        subtitles=captions,
        document=document,
        cues=cues,
        policy=TagPolicy(),
        model="",
        adaptation="none",
        adapted_on=0,
        duration_ms=None,
        language=language or language_of(captions) or "en",
    )
