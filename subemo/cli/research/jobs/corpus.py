"""Runs `subemo corpus`."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.table import Table

from ....core.emotions import EMOTIONS
from ....core.files import check_writable, write_atomically
from ....render.canvas import render
from ....research.corpora import Clip, read_corpora
from ....research.corpora.layouts import combined_table
from ....research.plots.report import distribution
from ...options import complain, picture_form
from ...terminal import rendered
from ..option_groups import CorpusOptions


def run(options: CorpusOptions) -> None:
    """Summarises labelled corpora and writes the requested table and picture.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    table, plot = options.table, options.plot
    for target in (table, plot):
        if target is not None:
            check_writable(target, inputs=options.roots, overwrite=options.overwrite)
    form = picture_form(plot) if plot else ""
    reading = read_corpora(options.roots, corpus=options.layout, ignore=options.ignore)
    for label, count in reading.ignored.items():
        complain("warning", f"{count} clips labelled {label} left out (--ignore)")
    click.echo(_summary(reading.clips))
    if table is not None:
        content = combined_table(reading.clips).encode()
        write_atomically(table, content, overwrite=options.overwrite)
        click.echo(f"Written: {table}")
    if plot is not None:
        picture = render(distribution(reading.clips), form)
        write_atomically(plot, picture, overwrite=options.overwrite)
        click.echo(f"Written: {plot}")


def _summary(clips: Sequence[Clip]) -> str:
    """Counts of clips and speakers by emotion and corpus."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    corpora = sorted({clip.corpus for clip in clips})
    for name in [*corpora, "all"]:
        table.add_column(name, justify="right")
    columns = [[clip for clip in clips if clip.corpus == name] for name in corpora]
    columns.append(list(clips))
    for emotion in EMOTIONS:
        table.add_row(
            emotion.value,
            *(str(sum(clip.emotion is emotion for clip in column)) for column in columns),
        )
    table.add_row("clips", *(f"{len(column):,}" for column in columns))
    speakers = [{clip.speaker for clip in column if clip.speaker} for column in columns]
    table.add_row("speakers", *(str(len(names)) for names in speakers))
    return rendered(table)
