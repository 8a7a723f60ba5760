"""`subemo check`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import PATH, debug_option, overwrite_option
from .option_groups import CheckOptions, PolicyOptions
from .options import encoding_option, policy_options


@click.command()
@click.argument("file", type=PATH)
@click.option(
    "--language", metavar="CODE", help="Of the subtitles.  [default: by their name, else en]"
)
@click.option("--csv", "table", type=PATH, metavar="FILE", help="Write a table, too.")
@click.option("--strict", is_flag=True, help="Fail if anything breaks a limit.")
@policy_options(
    "preset",
    "audience",
    "chars_per_second",
    "chars_per_line",
    "max_lines",
    "most_added",
    "extend_ms",
)
@encoding_option
@overwrite_option
@debug_option
@collected
def check(options: CheckOptions, limits: PolicyOptions) -> int:
    """List what of the subtitles FILE cannot be read in time, with subemo's tags and without.

    The limits are those of Netflix's style guides: characters a second and a
    line, lines, shortest and longest stay, and the gap between subtitles.
    """
    from .jobs.check import run

    return run(options, limits)
