"""`subemo batch`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ..options import (
    EXIT_FAILURE,
    PATH,
    adapt_option,
    complain,
    debug_option,
    model_option,
    overwrite_option,
    policy_of,
    policy_options,
)

#: Where a batch keeps what it did, beside the results.
_STATE = ".subemo-batch"


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
@click.option(
    "--results",
    type=PATH,
    metavar="FILE",
    help="The table.  [default: subemo-batch.csv in DIR, or here]",
)
@click.option("--state", type=PATH, metavar="DIR", help=f"What is done.  [default: {_STATE} there]")
@click.option("--resume/--again", default=True, help="Skip what is done.  [default: resume]")
@model_option
@policy_options()
@overwrite_option
@debug_option
def batch(
    sources: tuple[Path, ...],
    output: Path | None,
    recursive: bool,
    jobs: int,
    scheduler: str | None,
    form: str | None,
    language: str | None,
    without: str,
    adapt: str | None,
    results: Path | None,
    state: Path | None,
    resume: bool,
    model: str,
    config: Path | None,
    overwrite: bool,
    **policy: Any,
) -> int:
    """Annotate many films; what is done already is skipped, and none stops the others.

    Films are paired with the subtitles beside them (film.srt, film.en.srt) or
    in them. The same command again goes on where the last one was stopped.
    """
    from ...batch import Ledger, Settings, StatusBoard, find_films, make_jobs, results_csv, run
    from ...core.files import check_writable, write_atomically
    from ...core.scratch import sweep
    from ...formats import FORMATS
    from ..terminal import batch_progress, outcomes_table

    if form is not None and form not in FORMATS:
        raise click.BadParameter(
            f"{form!r} is not one of {', '.join(FORMATS)}.", param_hint="--format"
        )
    settings = Settings(
        model=model,
        policy=policy_of(config, policy),
        form=form,
        language=language,
        adaptation=adapt,
        without=without,
        overwrite=overwrite,
    )
    home = output or Path()
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
    table = results or home / "subemo-batch.csv"
    check_writable(table, overwrite=True)
    sweep()
    work = make_jobs(find_films(sources, recursive=recursive), settings, output=output)
    ledger = Ledger(state or home / _STATE)
    board = StatusBoard(ledger.folder / "running")
    board.clear()
    if not resume:
        ledger.forget(work)
    outcomes = []
    try:
        with (
            batch_progress(len(work), board) as on_outcome,
            closing(run(work, ledger, workers=jobs, scheduler=scheduler, board=board)) as done,
        ):
            for outcome in done:
                outcomes.append(outcome)
                on_outcome(outcome)
    except BaseException:
        board.clear()  # of the films of workers that have no more time to do so
        raise
    finally:
        if outcomes:
            write_atomically(table, results_csv(outcomes), overwrite=True)
    if not outcomes:
        hint = "" if recursive else " (--recursive looks into subfolders)"
        complain("warning", f"{', '.join(map(str, sources))}: no films there{hint}")
        return 0
    click.echo(outcomes_table(outcomes))
    click.echo(f"Written: {table}")
    return EXIT_FAILURE if any(outcome.status == "failed" for outcome in outcomes) else 0
