"""Runs `subemo batch`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from .... import batch
from ....analysis.joint import check_choice
from ....batch import BatchStatus, Job, Ledger, Outcome, Settings
from ....core.errors import OutputError
from ....core.files import check_writable, write_atomically
from ....core.scratch import sweep
from ....formats import FORMATS
from ....formats.record import record_path
from ....tagging.policy import TagPolicy
from ...options import EXIT_FAILURE, complain, in_options
from ...terminal import batch_progress, outcomes_table
from ..archive_options import ArchiveOptions, BatchCaptionOptions, WorkerOptions
from ..option_groups import PolicyOptions
from .analysis import refuse_unshown_sounds
from .inputs import named


def run(
    archive: ArchiveOptions,
    captions: BatchCaptionOptions,
    policy: PolicyOptions,
    workers: WorkerOptions,
) -> int:
    """Annotates many films, prints a summary, and returns the exit code.

    Args:
        archive: the films and where results are recorded
        captions: how captions are written
        policy: when a tag is shown
        workers: where the work is done

    Raises:
        SubemoError: or a subclass, with a message for the user
        click.BadParameter: if the format is unknown
        click.UsageError: if sounds between cues are asked for, but no sounds
    """
    tag_policy = policy.policy()
    refuse_unshown_sounds(captions, tag_policy)
    settings = _settings(captions, tag_policy)
    if archive.output is not None:
        archive.output.mkdir(parents=True, exist_ok=True)
    sweep()
    films = batch.find_films(archive.sources, recursive=archive.recursive)
    jobs = batch.make_jobs(films, settings, output=archive.output)
    inputs = named(*archive.sources, *(path for job in jobs for path in (job.video, job.subtitles)))
    _check_table(archive, inputs, overwrite=captions.overwrite)
    ledger = Ledger(archive.ledger)
    if not archive.resume:
        ledger.forget(jobs)
    outcomes = _outcomes(archive, jobs, ledger, workers, overwrite=captions.overwrite)
    if not outcomes:
        hint = "" if archive.recursive else " (--recursive searches subfolders)"
        complain("warning", f"{', '.join(map(str, archive.sources))}: no films found{hint}")
        return 0
    click.echo(outcomes_table(outcomes))
    click.echo(f"Written: {archive.table}")
    return EXIT_FAILURE if any(outcome.status == "failed" for outcome in outcomes) else 0


def _check_table(archive: ArchiveOptions, inputs: Sequence[Path], *, overwrite: bool) -> None:
    """Checks that the table of results may be written; an earlier one is replaced.

    Raises:
        OutputError: if it is an input, or another file that must not be replaced
    """
    overwrite = overwrite or batch.is_results_csv(archive.table)
    check_writable(archive.table, inputs=inputs, overwrite=overwrite)


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


def _settings(captions: BatchCaptionOptions, policy: TagPolicy) -> Settings:
    if captions.form is not None and captions.form not in FORMATS:
        raise click.BadParameter(
            f"{captions.form!r} is not one of {', '.join(FORMATS)}.", param_hint="--format"
        )
    return Settings(
        model=captions.model,
        policy=policy,
        form=captions.form,
        language=captions.language,
        adaptation=captions.adapt,
        witness=check_choice(captions.witness),
        sound_cues=captions.sound_cues,
        sound_model=captions.sound_model,
        without=captions.without,
        overwrite=captions.overwrite,
    )


def _outcomes(
    archive: ArchiveOptions,
    jobs: Sequence[Job],
    ledger: Ledger,
    workers: WorkerOptions,
    *,
    overwrite: bool,
) -> list[Outcome]:
    """Annotates the films; writes the table even if the run is interrupted."""
    status = BatchStatus(ledger.folder / "running")
    status.clear()
    outcomes: list[Outcome] = []
    running = batch.run(
        jobs, ledger, workers=workers.jobs, scheduler=workers.scheduler, status=status
    )
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
            _refuse_captions(archive.table, outcomes)
            _check_table(archive, [], overwrite=overwrite)
            write_atomically(archive.table, batch.results_csv(outcomes), overwrite=True)
    return outcomes
