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
    "-o", "--output", type=PATH, required=True, help="Output file; - for standard output."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(CAPTION_FORMATS),
    help="Output format.  [default: by the output's name]",
)
@click.option(
    "--language", metavar="CODE", help="Language of the captions.  [default: from their name]"
)
@encoding_option
@overwrite_option
@debug_option
@collected
def convert(options: FinalOptions) -> None:
    """Convert finished CAPTIONS to another format.

    No model is used; tags in the captions stay as ordinary words, which `strip`
    cannot remove from the output.
    """
    from .jobs.final import run_convert

    run_convert(options)
