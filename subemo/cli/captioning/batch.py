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
from .options import policy_options, sound_cues_options


@click.command()
@click.argument("sources", type=PATH, nargs=-1, required=True, metavar="FOLDER|FILM|LIST.txt...")
@click.option(
    "-o", "--output", type=PATH, metavar="DIR", help="Output folder.  [default: beside each film]"
)
@click.option("--recursive", is_flag=True, help="Search subfolders as well.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Films to process in parallel.",
)
@click.option(
    "--scheduler",
    metavar="TCP://...",
    help="Distribute the films with the Dask scheduler at this address.",
)
@click.option("--format", "form", metavar="NAME", help="Output format.  [default: each film's own]")
@click.option(
    "--language",
    metavar="CODE",
    help="Language of the tags, and of the subtitles to prefer.  [default: that of the subtitles]",
)
@click.option(
    "--without-subtitles",
    "without",
    type=click.Choice(["fail", "transcribe", "tags"]),
    default="fail",
    show_default=True,
    help="What to do with a film without subtitles.",
)
@adapt_option
@witness_option
@sound_cues_options
@click.option(
    "--results",
    type=PATH,
    metavar="FILE",
    help="Table of results.  [default: subemo-batch.csv in the output or working folder]",
)
@click.option(
    "--state",
    type=PATH,
    metavar="DIR",
    help=f"Folder of the batch's state.  [default: {STATE} in the output or working folder]",
)
@click.option(
    "--resume/--again",
    default=True,
    help="Skip finished films, or do all films again.  [default: resume]",
)
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
    """Annotate many films; finished ones are skipped.

    Each film is paired with subtitles beside it (film.srt, film.en.srt) or in it. A
    film that fails does not stop the others. Run the same command again to resume.
    """
    from .jobs.batch import run

    return run(archive, captions, policy, workers)
