"""`subemo clips`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, debug_option, ignore_option


@click.command()
@click.argument("video", type=PATH)
@click.argument("labels", type=PATH)
@click.option(
    "-o", "--output", type=PATH, metavar="DIR", required=True, help="Folder for the clips."
)
@ignore_option
@click.option("--overwrite", is_flag=True, help="Replace existing clips.")
@debug_option
def clips(
    video: Path, labels: Path, output: Path, ignore: tuple[str, ...], overwrite: bool
) -> None:
    """Cut VIDEO into clips at the segments listed in LABELS.

    LABELS is a CSV file with the columns start, end, emotion and, optionally, speaker.
    """
    from .jobs.clips import run

    run(video, labels, output, ignore=ignore, overwrite=overwrite)
