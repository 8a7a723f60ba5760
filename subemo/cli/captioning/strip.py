"""`subemo strip`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import PATH, debug_option, overwrite_option
from .option_groups import StripOptions
from .options import encoding_option


@click.command()
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Output file.")
@click.option(
    "--record",
    type=PATH,
    metavar="FILE",
    help="Record of the inserted tags.  [default: film.emo.srt.tags.json for film.emo.srt]",
)
@click.option(
    "--words", type=PATH, metavar="FILE", help="TOML file of the custom tag words used in FILE."
)
@click.option(
    "--judged",
    type=PATH,
    metavar="FILE",
    help="Judgements with your own tags.  [default: the file beside FILE]",
)
@encoding_option
@overwrite_option
@debug_option
@collected
def strip(options: StripOptions) -> None:
    """Remove subemo's tags from FILE and restore the original bytes.

    Tags that a person wrote stay. WebVTT and Advanced SubStation mark subemo's
    tags invisibly; for the other formats a record lies beside the file.
    """
    from .jobs.strip import run

    run(options)
