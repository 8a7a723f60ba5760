"""`subemo reproduce`."""

from __future__ import annotations

from typing import Any

import click

from ...research.training.registry import RECIPES
from ..options import debug_option
from .option_groups import ReproduceOptions
from .training_options import (
    corpora_options,
    output_folder_option,
    taken_corpora,
    training_options,
)

_CORPORA = tuple(RECIPES["report-crnn"].corpora)


@click.command()
@corpora_options
@output_folder_option("docs", "Folder of report.md, its pictures and what is done so far.")
@training_options(work="runs/reproduce", epochs=50, batch_size=64, least="At least.")
@click.option(
    "--most-epochs",
    type=click.IntRange(min=0),
    default=150,
    show_default=True,
    help="Go on so far while the training loss falls.",
)
@click.option(
    "--row",
    "rows",
    multiple=True,
    metavar="NAME",
    help="Train this row alone, such as cnn-1 or crnn-gru; may be repeated. Two such "
    "commands for different rows may run side by side.",
)
@click.option("--status", is_flag=True, help="Train nothing; show what is done.")
@click.option("--document", is_flag=True, help="Train nothing; write report.md of what is done.")
@debug_option
def reproduce(**given: Any) -> None:
    """Train every model of the 2024 report (Davies and Chen), under its protocol and with speakers held out.

    Some fifty trainings, hours on two cores; each is saved when it is done,
    and the same command resumes from there.
    """
    options = ReproduceOptions(taken_corpora(given), **given)
    if not options.only_shows and set(options.roots) != set(_CORPORA):
        names = ", ".join(f"--{name} DIR" for name in _CORPORA)
        raise click.UsageError(f"Give every corpus that these models learn from: {names}.")
    from .jobs.reproduce import run

    run(options)
