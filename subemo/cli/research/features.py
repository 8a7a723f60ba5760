"""`subemo features`."""

from __future__ import annotations

from pathlib import Path

import click

from ..collected import collected
from ..options import PATH, debug_option, ignore_option, layout_option
from .option_groups import FeatureTableOptions


@click.command()
@click.argument("roots", type=PATH, nargs=-1, required=True, metavar="DIR...")
@layout_option
@ignore_option
@click.option("-o", "--output", type=PATH, metavar="CSV|PARQUET", required=True, help="The table.")
@click.option(
    "--versions",
    type=click.Choice(["1", "4"]),
    default="4",
    show_default=True,
    help="4 adds its augmentations.",
)
@click.option(
    "--cache",
    type=PATH,
    metavar="DIR",
    default=Path("runs/features"),
    show_default=True,
    help="What is computed is cached here; an interrupted run goes on from it.",
)
@click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
@debug_option
@collected
def features(options: FeatureTableOptions) -> None:
    """Write the table of features of the 2024 report (Davies and Chen): 162 columns and the label."""
    from .jobs.features import run

    run(options)
