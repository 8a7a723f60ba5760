"""Runs `subemo mux`, `burn` and `convert` on finished captions, without a model."""

from __future__ import annotations

import sys
from functools import partial

import click

from .... import render
from ....analysis.warnings import document_warnings
from ....core.files import check_writable
from ....core.scratch import sweep
from ....formats.naming import tagged_path
from ....formats.proof import prove
from ....formats.registry import CAPTION_FORMATS, form_for
from ....formats.writing import check_captions_writable, write_captions
from ....render.final import final_film
from ....tagging.annotation import AnnotatedFilm
from ...options import complain
from ...terminal import progress
from ..final_options import FinalOptions
from ..option_groups import STDOUT
from .inputs import named


def run_mux(options: FinalOptions) -> None:
    """Writes a copy of a film with the captions as its last track.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    _render(options, render.mux, ".mkv")


def run_burn(options: FinalOptions) -> None:
    """Writes a copy of a film with the captions burned in.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    _render(options, partial(render.burn, font=options.font), ".mp4")


def run_convert(options: FinalOptions) -> None:
    """Converts captions to another format.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    target = options.output
    assert target is not None
    form = form_for(target, options.form, among=CAPTION_FORMATS)
    if target != STDOUT:
        check_captions_writable(
            target, form, inputs=[options.captions], overwrite=options.overwrite
        )
    film = _film(options)
    written = prove(film, form)
    if target == STDOUT:
        sys.stdout.buffer.write(written.data)
        return
    write_captions(written, target, overwrite=options.overwrite)
    click.echo(f"{len(written.annotation.cues)} cues. Written: {target}")


def _render(options: FinalOptions, make: render.Maker, suffix: str) -> None:
    assert options.video is not None
    target = options.output or tagged_path(options.video, suffix)
    inputs = named(options.video, options.captions, options.font)
    check_writable(target, inputs=inputs, overwrite=options.overwrite)
    film = _film(options)
    sweep()
    with progress() as on_step:
        make(film, target, overwrite=options.overwrite, on_step=on_step)
    click.echo(f"{len(film.cues)} cues. Written: {target}")


def _film(options: FinalOptions) -> AnnotatedFilm:
    film = final_film(
        options.captions, options.video, language=options.language, encoding=options.encoding
    )
    assert film.document is not None
    for warning in document_warnings(str(options.captions), film.document):
        complain("warning", warning)
    return film
