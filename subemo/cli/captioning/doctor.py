"""`subemo doctor`."""

from __future__ import annotations

import click

from ..options import debug_option


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all results as JSON.")
@debug_option
def doctor(as_json: bool) -> int:
    """Check this installation and show how to fix it.

    Checks ffmpeg and its codecs, the models and their checksums, fonts, a browser,
    the cache, settings, space for temporary files, and the extras. Exits with 1
    if `subemo annotate` cannot work, else 0.
    """
    from .jobs.doctor import run

    return run(as_json=as_json)
