"""`subemo corpus`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import PATH, complain, debug_option, ignore_option, layout_option

if TYPE_CHECKING:
    from ...research.corpora import Clip


@click.command()
@click.argument("roots", type=PATH, nargs=-1, required=True, metavar="DIR...")
@layout_option
@ignore_option
@click.option("--table", type=PATH, metavar="CSV", help="Write the combined table here.")
@click.option("--plot", type=PATH, metavar="PNG|SVG", help="Draw clips by emotion here.")
@click.option("--overwrite", is_flag=True, help="Replace files that exist.")
@debug_option
def corpus(
    roots: tuple[Path, ...],
    layout: str | None,
    ignore: tuple[str, ...],
    table: Path | None,
    plot: Path | None,
    overwrite: bool,
) -> None:
    """Say what is in labelled corpora: clips by emotion, speaker and corpus."""
    from ...core.files import check_writable, write_atomically
    from ...research.corpora import read_corpora
    from ...research.corpora.table import combined_table
    from ..options import picture_form

    for target in (table, plot):
        if target is not None:
            check_writable(target, inputs=roots, overwrite=overwrite)
    form = picture_form(plot) if plot else ""
    reading = read_corpora(roots, corpus=layout, ignore=ignore)
    for label, count in reading.ignored.items():
        complain("warning", f"{count} clips of {label} were left out, as asked")
    click.echo(_summary(reading.clips))
    if table is not None:
        write_atomically(table, combined_table(reading.clips).encode(), overwrite=overwrite)
        click.echo(f"Written: {table}")
    if plot is not None:
        from ...render.canvas import render
        from ...research.plots.corpus import distribution

        write_atomically(plot, render(distribution(reading.clips), form), overwrite=overwrite)
        click.echo(f"Written: {plot}")


def _summary(clips: Sequence[Clip]) -> str:
    """Clips of each emotion in each corpus, and how many speakers say them."""
    from rich.table import Table

    from ...core.emotions import EMOTIONS
    from ..terminal import rendered

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
