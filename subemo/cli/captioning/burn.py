"""`subemo burn`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import PATH, debug_option, overwrite_option
from .final_options import FinalOptions
from .options import encoding_option


@click.command()
@click.argument("video", type=PATH)
@click.argument("captions", type=PATH)
@click.option("-o", "--output", type=PATH, help="Where to write.  [default: VIDEO with .emo.mp4]")
@click.option("--font", type=PATH, metavar="FILE", help="Draw with this font.")
@click.option("--language", metavar="CODE", help="Of the captions.  [default: by their name]")
@encoding_option
@overwrite_option
@debug_option
@collected
def burn(options: FinalOptions) -> None:
    """Draw CAPTIONS that are final into the picture of a copy of VIDEO.

    No model is asked, and the tags that are in them stay. The picture is
    encoded again, the sound copied.
    """
    from .jobs.final import run_burn

    run_burn(options)
