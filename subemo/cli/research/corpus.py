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
@click.option("--table", type=PATH, metavar="CSV", help="Write the combined table here.")
@click.option("--plot", type=PATH, metavar="PNG|SVG", help="Draw clips by emotion here.")
@click.option("--overwrite", is_flag=True, help="Replace files that exist.")
@debug_option
@collected
def corpus(options: CorpusOptions) -> None:
    """Say what is in labelled corpora: clips by emotion, speaker and corpus."""
    from .jobs.corpus import run

    run(options)
