"""`subemo mux`, `burn` and `convert`: finished captions, without a model."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...captions.naming import tagged_path
from ...core.files import check_writable
from ...formats.registry import CAPTION_FORMATS, form_for
from ..command import argument, command, option
from ..terminal import complain, progress, written_line
from .options import STDOUT, SubtitleFileOptions, named

if TYPE_CHECKING:
    from ...render import Maker
    from ...tagging.annotation import AnnotatedFilm


class _FinalOptions(SubtitleFileOptions):
    captions: Path = argument()
    language: str | None = option(
        "Language of the captions.  [default: from their name]", metavar="CODE"
    )


class _MuxOptions(_FinalOptions):
    video: Path = argument()
    output: Path | None = option("Output file.  [default: film.emo.mkv for film.mp4]", "-o")


class _BurnOptions(_MuxOptions):
    output: Path | None = option("Output file.  [default: film.emo.mp4 for film.mkv]", "-o")
    font: Path | None = option("Font file to draw the text with.")


class _ConvertOptions(_FinalOptions):
    output: Path = option("Output file; - for standard output.", "-o", required=True)
    form: str | None = option(
        "Output format.  [default: by the output's name]",
        "--format",
        type=click.Choice(CAPTION_FORMATS),
    )


@command()
def mux(options: _MuxOptions) -> None:
    """Add finished CAPTIONS to a copy of VIDEO as a subtitle track.

    No model is used; tags in the captions stay. Picture and sound are copied
    without re-encoding.
    """
    from ...render import mux

    _render(options, mux, ".mkv")


@command()
def burn(options: _BurnOptions) -> None:
    """Burn finished CAPTIONS into the picture of a copy of VIDEO.

    No model is used; tags in the captions stay. The picture is re-encoded, the
    sound copied.
    """
    from ...render import burn

    _render(options, partial(burn, font=options.font), ".mp4", options.font)


@command()
def convert(options: _ConvertOptions) -> None:
    """Convert finished CAPTIONS to another format.

    No model is used; tags in the captions stay as ordinary words, which `strip`
    cannot remove from the output.
    """
    from ...captions.writing import check_captions_writable, write_captions
    from ...proof import prove

    target = options.output
    form = form_for(target, options.form, among=CAPTION_FORMATS)
    if target != STDOUT:
        inputs = [options.captions]
        check_captions_writable(target, form, inputs=inputs, overwrite=options.overwrite)
    written = prove(_film(options), form)
    if target == STDOUT:
        sys.stdout.buffer.write(written.data)
        return
    write_captions(written, target, overwrite=options.overwrite)
    click.echo(f"{len(written.annotation.cues)} cues. {written_line(target)}")


def _render(options: _MuxOptions, make: Maker, suffix: str, *others: Path | None) -> None:
    from ...core.files import sweep_scratch

    target = options.output or tagged_path(options.video, suffix)
    inputs = named(options.video, options.captions, *others)
    check_writable(target, inputs=inputs, overwrite=options.overwrite)
    film = _film(options, options.video)
    sweep_scratch()
    warnings: list[str] = []
    with progress() as on_step:
        overwrite = options.overwrite
        make(film, target, overwrite=overwrite, on_step=on_step, on_warning=warnings.append)
    for warning in warnings:
        complain("warning", warning)
    click.echo(f"{len(film.cues)} cues. {written_line(target)}")


def _film(options: _FinalOptions, video: Path | None = None) -> AnnotatedFilm:
    from ...render.films import final_film
    from ...sources.lookup import document_warnings

    film = final_film(options.captions, video, language=options.language, encoding=options.encoding)
    assert film.document is not None
    for warning in document_warnings(str(options.captions), film.document):
        complain("warning", warning)
    return film
