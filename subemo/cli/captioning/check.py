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
    "--language",
    metavar="CODE",
    help="Language of the subtitles.  [default: from their name, else en]",
)
@click.option(
    "--csv", "table", type=PATH, metavar="FILE", help="Also write the list as a CSV file."
)
@click.option("--strict", is_flag=True, help="Exit with 1 if any cue breaks a limit.")
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
    """List the cues of FILE that break reading limits.

    The limits are those of Netflix's style guides: characters per second and per
    line, number of lines, minimum and maximum duration, and the gap between
    subtitles. Each is checked with subemo's tags and without.
    """
    from .jobs.check import run

    return run(options, limits)
