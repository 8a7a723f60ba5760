"""Burns tagged subtitles into the picture with libass."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ..core.errors import OutputError
from ..core.files import scratch
from ..core.progress import OnStep, ignore
from ..formats.added import spliced_cues
from ..formats.ass import Ass
from ..media import VideoStream, file_url, film_input
from ..subtitles.encoding import refuse_doubt
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import Palette
from .fonts import font_for
from .mux import as_utf8
from .video_encoding import OnWarning, muxer_of, rendering

#: Messages of libass about text that it did not draw.
_NOT_DRAWN = re.compile(
    r"Glyph 0x\w+ not found|failed to find any fallback|can't find selected font"
)

#: A style and its encoding; with -1 libass takes the direction of a line from its first letter.
_STYLE = re.compile(rb"^(Style: [^\r\n]*),\d+$", re.MULTILINE)


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
        data = spliced_cues(Ass().read(data), Ass(), annotation.sound_cues).data
    script.write_bytes(data)
    return script


def drawn_text(annotation: AnnotatedFilm) -> str:
    """All text to draw."""
    of_cues = (cue.styled_text.plain + cue.decision.text for cue in annotation.written)
    return "".join([*of_cues, *(cue.text for cue in annotation.sound_cues)])
