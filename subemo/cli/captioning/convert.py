"""`subemo convert`."""

from __future__ import annotations

import click

from ...formats.registry import CAPTION_FORMATS
from ..collected import collected
from ..options import PATH, debug_option, overwrite_option
from .final_options import FinalOptions
from .options import encoding_option


@click.command()
@click.argument("captions", type=PATH)
@click.option(
    "-o", "--output", type=PATH, required=True, help="Where to write; - for standard output."
)
@click.option(
    "--format", "form", type=click.Choice(CAPTION_FORMATS), help="[default: by the output's name]"
)
@click.option("--language", metavar="CODE", help="Of the captions.  [default: by their name]")
@encoding_option
@overwrite_option
@debug_option
@collected
def convert(options: FinalOptions) -> None:
    """Write CAPTIONS that are final in another format.

    No model is asked, and the tags that are in them stay, as words like
    others: `strip` takes none of them out of what is written.
    """
    from .jobs.final import run_convert

    run_convert(options)
