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
@click.option(
    "-o", "--output", type=PATH, metavar="CSV|PARQUET", required=True, help="Output file."
)
@click.option(
    "--versions",
    type=click.Choice(["1", "4"]),
    default="4",
    show_default=True,
    help="Versions of each clip; 4 adds the report's augmentations.",
)
@click.option(
    "--cache",
    type=PATH,
    metavar="DIR",
    default=Path("runs/features"),
    show_default=True,
    help="Folder for cached features; an interrupted run resumes from it.",
)
@click.option("--overwrite", is_flag=True, help="Replace an existing output.")
@debug_option
@collected
def features(options: FeatureTableOptions) -> None:
    """Write the feature table of the 2024 report (Davies and Chen).

    It has 162 feature columns and the label.
    """
    from .jobs.features import run

    run(options)
