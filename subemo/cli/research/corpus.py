"""`subemo corpus`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, complain, debug_option, ignore_option, layout_option


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
    from ...research.corpora import Reading, read_corpus
    from ...research.corpora.table import combined_table
    from ..options import picture_form
    from ..terminal import corpus_summary

    for target in (table, plot):
        if target is not None:
            check_writable(target, inputs=roots, overwrite=overwrite)
    form = picture_form(plot) if plot else ""
    reading = Reading()
    for root in roots:
        read_corpus(root, corpus=layout, ignore=ignore, into=reading)
    for label, count in reading.ignored.items():
        complain("warning", f"{count} clips of {label} were left out, as asked")
    click.echo(corpus_summary(reading.clips))
    if table is not None:
        write_atomically(table, combined_table(reading.clips).encode(), overwrite=overwrite)
        click.echo(f"Written: {table}")
    if plot is not None:
        from ...render.canvas import render
        from ...research.plots.corpus import distribution

        write_atomically(plot, render(distribution(reading.clips), form), overwrite=overwrite)
        click.echo(f"Written: {plot}")
