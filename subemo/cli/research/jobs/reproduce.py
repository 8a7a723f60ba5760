"""Runs `subemo reproduce`."""

from __future__ import annotations

from pathlib import Path

import click

from ....research import report
from ....research.training.clip_training import Recipe
from ...terminal import progress
from ..option_groups import ReproduceOptions


def run(options: ReproduceOptions) -> None:
    """Trains the remaining models of the 2024 report and prints what is done.

    Raises:
        click.UsageError: if a row is unknown
        SubemoError: or a subclass, with a message for the user
    """
    for row in options.rows:
        if row not in report.TRAINED:
            raise click.UsageError(
                f"Unknown row {row!r}; choose from: {', '.join(report.TRAINED)}."
            )
    runs = options.output / "report" / "runs"
    if not options.only_shows:
        _train(options, runs)
    done = report.read_results(runs)
    if not options.status:
        report.write(options.output, done)
        report.write_details(options.output / "report", done)
    click.echo(report.table(done))


def _train(options: ReproduceOptions, runs: Path) -> None:
    """Trains the remaining models and rewrites the document after each."""
    recipe = Recipe(
        epochs=options.epochs,
        most_epochs=options.most_epochs,
        batch_size=options.batch_size,
        seed=options.seed,
    )
    with progress(notes=True) as on_step:
        for _ in report.reproduce(
            options.roots,
            results=runs,
            work=options.work,
            recipe=recipe,
            on_step=on_step,
            rows=options.rows or report.TRAINED,
        ):
            report.write(options.output, report.read_results(runs))
