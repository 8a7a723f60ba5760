"""`subemo strip`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import PATH, debug_option, overwrite_option
from .option_groups import StripOptions
from .options import encoding_option


@click.command()
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Where to write.")
@click.option(
    "--record",
    type=PATH,
    metavar="FILE",
    help="What was put into a file without room to tell.  [default: FILE with .tags.json]",
)
@click.option(
    "--words", type=PATH, metavar="FILE", help="Your own words for the emotions, if it has those."
)
@click.option(
    "--judged",
    type=PATH,
    metavar="FILE",
    help="The judgements that hold tags of your own.  [default: those beside FILE]",
)
@encoding_option
@overwrite_option
@debug_option
@collected
def strip(options: StripOptions) -> None:
    """Take subemo's tags out of FILE: what is left is what it was made of, byte for byte.

    A person's own tags stay. In WebVTT and Advanced SubStation subemo's bear a
    sign that no player shows; beside a file of another format, which has no
    room for one, lies a record of them.
    """
    from .jobs.strip import run

    run(options)
