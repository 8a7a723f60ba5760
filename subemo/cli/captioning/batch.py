"""`subemo batch`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ...captions.record import record_path
from ...core.errors import OutputError
from ...core.files import check_writable, write_atomically
from ...core.settings import BATCH_STATE
from ...formats.registry import FORMATS
from ...tagging.policy import TagPolicy
from ..command import Options, argument, command, flag, in_options, option
from ..terminal import batch_progress, complain, outcomes_table, written_line
from .options import HearingOptions, ModelOptions, OverwriteOption, named, refuse_unshown_sounds

if TYPE_CHECKING:
    from ...batch import BatchSettings, Job, Ledger, Outcome


class _ResultsOptions(Options):
    """Where a batch records its results."""

    output: Path | None
    results: Path | None = option(
        "Table of results.  [default: subemo-batch.csv in the output or working folder]"
    )
    state: Path | None = option(
        f"Folder of the batch's state.  [default: {BATCH_STATE} in the output or working folder]",
        metavar="DIR",
    )
    resume: bool = option(
        "Skip finished films, or do all films again.", "--resume/--again", default=True
    )

    @property
    def table(self) -> Path:
        """The path of the table of results."""
        return self.results or (self.output or Path()) / "subemo-batch.csv"

    @property
    def ledger(self) -> Path:
        """The folder of the batch's state."""
        return self.state or (self.output or Path()) / BATCH_STATE


class _BatchOptions(HearingOptions, _ResultsOptions, ModelOptions, OverwriteOption):
    sources: tuple[Path, ...] = argument(metavar="FOLDER|FILM|LIST.txt...")
    output: Path | None = option("Output folder.  [default: beside each film]", "-o", metavar="DIR")
    recursive: bool = flag("Search subfolders as well.")
    jobs: int = option("Films to process in parallel.", low=1, default=1)
    scheduler: str | None = option(
        "Distribute the films with the Dask scheduler at this address.", metavar="TCP://..."
    )
    form: str | None = option(
        "Output format.  [default: each film's own]", "--format", metavar="NAME"
    )
    language: str | None = option(
        "Language of the tags, and of the subtitles to prefer.  [default: that of the subtitles]",
        metavar="CODE",
    )
    without: Literal["fail", "transcribe", "tags"] = option(
        "What to do with a film without subtitles.", "--without-subtitles", default="fail"
    )


@command()
def batch(options: _BatchOptions) -> int:
    """Annotate many films; finished ones are skipped.

    Each film is paired with subtitles beside it (film.srt, film.en.srt) or in it. A
    film that fails does not stop the others. Run the same command again to resume.
    """
    from ...batch import Ledger, find_films, make_jobs
    from ...core.files import sweep_scratch

    sources, output = options.sources, options.output
    settings = _settings(options, options.policy())
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
    sweep_scratch()
    jobs = make_jobs(find_films(sources, recursive=options.recursive), settings, output=output)
    inputs = named(*sources, *(path for job in jobs for path in (job.video, job.subtitles)))
    _check_table(options, inputs)
    ledger = Ledger(options.ledger)
    if not options.resume:
        ledger.forget(jobs)
    outcomes = _outcomes(options, jobs, ledger)
    if not outcomes:
        hint = "" if options.recursive else " (--recursive searches subfolders)"
        complain("warning", f"{', '.join(map(str, sources))}: no films found{hint}")
        return 0
    click.echo(outcomes_table(outcomes))
    click.echo(written_line(options.table))
    return int(any(outcome.status == "failed" for outcome in outcomes))


def _check_table(options: _BatchOptions, inputs: Sequence[Path]) -> None:
    """Checks that the table of results may be written; an earlier one is replaced."""
    from ...batch import is_results_csv

    overwrite = options.overwrite or is_results_csv(options.table)
    check_writable(options.table, inputs=inputs, overwrite=overwrite)


def _refuse_captions(table: Path, outcomes: Sequence[Outcome]) -> None:
    """Checks that the table of results is no file of captions."""
    for outcome in outcomes:
        files = () if outcome.output is None else (outcome.output, record_path(outcome.output))
        if any(table.exists() and one.exists() and table.samefile(one) for one in files):
            raise OutputError(
                f"these are the captions of {outcome.video}",
                path=table,
                remedy="Choose another table with --results.",
            )


def _settings(options: _BatchOptions, policy: TagPolicy) -> BatchSettings:
    from ...analysis.options import check_choice
    from ...batch import BatchSettings

    refuse_unshown_sounds(options, policy)
    if options.form is not None and options.form not in FORMATS:
        raise click.BadParameter(
            f"{options.form!r} is not one of {', '.join(FORMATS)}.", param_hint="--format"
        )
    return BatchSettings(
        model=options.model,
        policy=policy,
        form=options.form,
        language=options.language,
        adaptation=options.adapt,
        witness=check_choice(options.witness),
        sound_cues=options.sound_cues,
        sound_model=options.sound_model,
        without=options.without,
        overwrite=options.overwrite,
    )


def _outcomes(options: _BatchOptions, jobs: Sequence[Job], ledger: Ledger) -> list[Outcome]:
    """Annotates the films; writes the table even if the run is interrupted."""
    from ...batch import BatchStatus, results_csv, run

    status = BatchStatus(ledger.folder / "running")
    status.clear()
    outcomes: list[Outcome] = []
    running = run(jobs, ledger, workers=options.jobs, scheduler=options.scheduler, status=status)
    try:
        with batch_progress(len(jobs), status) as on_outcome, closing(running) as done:
            for outcome in done:
                outcomes.append(replace(outcome, reason=in_options(outcome.reason)))
                on_outcome(outcomes[-1])
    except BaseException:
        status.clear()  # workers may have been stopped before clearing theirs
        raise
    finally:
        if outcomes:
            _refuse_captions(options.table, outcomes)
            _check_table(options, [])
            write_atomically(options.table, results_csv(outcomes), overwrite=True)
    return outcomes
