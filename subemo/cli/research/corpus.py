"""`subemo corpus`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import PATH, debug_option, ignore_option, layout_option
from .option_groups import CorpusOptions


@click.command()
@click.argument("roots", type=PATH, nargs=-1, required=True, metavar="DIR...")
@layout_option
@ignore_option
@click.option(
    "--table", type=PATH, metavar="CSV", help="Also write the combined table to this file."
)
@click.option(
    "--plot", type=PATH, metavar="PNG|SVG", help="Also plot the clips by emotion to this file."
)
@click.option("--overwrite", is_flag=True, help="Replace existing files.")
@debug_option
@collected
def corpus(options: CorpusOptions) -> None:
    """Summarise clips by emotion, speaker and corpus."""
    from .jobs.corpus import run

    run(options)
