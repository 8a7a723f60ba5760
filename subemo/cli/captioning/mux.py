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
@click.option("-o", "--output", type=PATH, help="Where to write.  [default: VIDEO with .emo.mkv]")
@click.option("--language", metavar="CODE", help="Of the captions.  [default: by their name]")
@encoding_option
@overwrite_option
@debug_option
@collected
def mux(options: FinalOptions) -> None:
    """Put CAPTIONS that are final into a copy of VIDEO, as a track.

    No model is asked, and the tags that are in them stay. Picture and sound
    are copied as they are.
    """
    from .jobs.final import run_mux

    run_mux(options)
