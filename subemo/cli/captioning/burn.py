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
@click.option(
    "-o", "--output", type=PATH, help="Output file.  [default: film.emo.mp4 for film.mkv]"
)
@click.option("--font", type=PATH, metavar="FILE", help="Font file to draw the text with.")
@click.option(
    "--language", metavar="CODE", help="Language of the captions.  [default: from their name]"
)
@encoding_option
@overwrite_option
@debug_option
@collected
def burn(options: FinalOptions) -> None:
    """Burn finished CAPTIONS into the picture of a copy of VIDEO.

    No model is used; tags in the captions stay. The picture is re-encoded, the
    sound copied.
    """
    from .jobs.final import run_burn

    run_burn(options)
