"""`subemo reproduce`."""

from __future__ import annotations

from typing import Any

import click

from ...research.training.registry import RECIPES
from ..options import debug_option
from .option_groups import ReproduceOptions
from .training_options import corpora_options, output_folder_option, taken_corpora, training_options

_CORPORA = tuple(RECIPES["report-crnn"].corpora)


@click.command()
@corpora_options
@output_folder_option("docs", "Folder of report.md, its pictures and the saved trainings.")
@training_options(
    work="runs/reproduce", epochs=50, batch_size=64, least="Minimum number of epochs."
)
@click.option(
    "--most-epochs",
    type=click.IntRange(min=0),
    default=150,
    show_default=True,
    help="Maximum number of epochs, while the training loss falls.",
)
@click.option(
    "--row",
    "rows",
    multiple=True,
    metavar="NAME",
    help="Train only this row, such as cnn-1 or crnn-gru; may be repeated. Commands "
    "for different rows may run in parallel.",
)
@click.option("--status", is_flag=True, help="Train nothing; print what is done.")
@click.option("--document", is_flag=True, help="Train nothing; write report.md from what is done.")
@debug_option
def reproduce(**given: Any) -> None:
    """Train the models of the 2024 report (Davies and Chen).

    They are trained under its protocol and with held-out speakers: some fifty
    trainings, hours on two cores. Each is saved when it is done; run the same
    command again to resume.
    """
    options = ReproduceOptions(taken_corpora(given), **given)
    if not options.only_shows and set(options.roots) != set(_CORPORA):
        names = ", ".join(f"--{name} DIR" for name in _CORPORA)
        raise click.UsageError(
            f"Give the folder of every corpus that these models train on: {names}."
        )
    from .jobs.reproduce import run

    run(options)
