"""`subemo mux`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import PATH, debug_option, overwrite_option
from .final_options import FinalOptions
from .options import encoding_option


@click.command()
@click.argument("video", type=PATH)
@click.argument("captions", type=PATH)
@click.option(
    "-o", "--output", type=PATH, help="Output file.  [default: film.emo.mkv for film.mp4]"
)
@click.option(
    "--language", metavar="CODE", help="Language of the captions.  [default: from their name]"
)
@encoding_option
@overwrite_option
@debug_option
@collected
def mux(options: FinalOptions) -> None:
    """Add finished CAPTIONS to a copy of VIDEO as a subtitle track.

    No model is used; tags in the captions stay. Picture and sound are copied
    without re-encoding.
    """
    from .jobs.final import run_mux

    run_mux(options)
