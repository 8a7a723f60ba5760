"""`subemo batch`."""

from __future__ import annotations

import click

from ..collected import collected
from ..options import (
    PATH,
    adapt_option,
    debug_option,
    model_option,
    overwrite_option,
    witness_option,
)
from .archive_options import STATE, ArchiveOptions, BatchCaptionOptions, WorkerOptions
from .option_groups import PolicyOptions
from .options import policy_options


@click.command()
@click.argument("sources", type=PATH, nargs=-1, required=True, metavar="FOLDER|FILM|LIST.txt...")
@click.option("-o", "--output", type=PATH, metavar="DIR", help="[default: beside each film]")
@click.option("--recursive", is_flag=True, help="Look into folders in folders.")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Films at once."
)
@click.option(
    "--scheduler", metavar="TCP://...", help="Hand the films to the workers of a Dask scheduler."
)
@click.option("--format", "form", metavar="NAME", help="[default: that of each film's subtitles]")
@click.option("--language", metavar="CODE", help="Of the tags, and of the subtitles to prefer.")
@click.option(
    "--without-subtitles",
    "without",
    type=click.Choice(["fail", "transcribe", "tags"]),
    default="fail",
    show_default=True,
    help="What becomes of a film that has none.",
)
@adapt_option
@witness_option
@click.option(
    "--results",
    type=PATH,
    metavar="FILE",
    help="The table.  [default: subemo-batch.csv in DIR, or here]",
)
@click.option("--state", type=PATH, metavar="DIR", help=f"What is done.  [default: {STATE} there]")
@click.option("--resume/--again", default=True, help="Skip what is done.  [default: resume]")
@model_option
@policy_options()
@overwrite_option
@debug_option
@collected
def batch(
    archive: ArchiveOptions,
    captions: BatchCaptionOptions,
    policy: PolicyOptions,
    workers: WorkerOptions,
) -> int:
    """Annotate many films; what is done already is skipped, and none stops the others.

    Films are paired with the subtitles beside them (film.srt, film.en.srt) or
    in them. The same command again goes on where the last one was stopped.
    """
    from .jobs.batch import run

    return run(archive, captions, policy, workers)
