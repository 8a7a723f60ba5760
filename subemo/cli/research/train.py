"""`subemo train`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ...model import DEFAULT_MODEL
from ...research.training.registry import RECIPES
from ..options import debug_option
from .training_options import (
    corpora_options,
    data_option,
    encoder_option,
    output_folder_option,
    taken_corpora,
    training_options,
)

_ENTRIES = tuple(RECIPES.values())

#: Former names of the recipes.
_OLD_NAMES = {entry.folder: entry.name for entry in _ENTRIES}

_HELP = f"""Train a model from the official corpora and evaluate it.

{"; ".join(f"{entry.name} takes {entry.takes}" for entry in _ENTRIES)}.
"""

_HELD_OUT = ", ".join(f"{entry.name}; {entry.held_out}" for entry in _ENTRIES if entry.held_out)


class _RecipeName(click.Choice[str]):
    """The name of a model, or a former name of its recipe."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Returns the name of the model."""
        return super().convert(_OLD_NAMES.get(value, value), param, ctx)


@click.command(help=_HELP)
@click.option(
    "--recipe",
    type=_RecipeName(tuple(RECIPES)),
    default=DEFAULT_MODEL,
    show_default=True,
    help=f"Model to train: {', or '.join(entry.summary for entry in _ENTRIES)}.",
)
@corpora_options
@data_option
@encoder_option
@output_folder_option(None, "Folder for the trained model.  [default: named after the recipe]")
@training_options(
    work=None,
    epochs=None,
    batch_size=None,
    shown_work=" or ".join(f"runs/{entry.folder}" for entry in _ENTRIES),
)
@click.option(
    "--held-out/--no-held-out",
    default=True,
    show_default=True,
    help=f"Also evaluate on held-out speakers ({_HELD_OUT}).",
)
@click.option(
    "--name",
    metavar="TEXT",
    help="Name of the model, in `model.json`, its card and results.  [default: name of its folder]",
)
@click.option("--overwrite", is_flag=True, help="Replace an existing model.")
@debug_option
def train(recipe: str, output: Path | None, overwrite: bool, **given: Any) -> None:
    """Runs the command; its help is `_HELP`."""
    from .jobs.train import run

    corpora = taken_corpora(given)
    run(RECIPES[recipe], corpora, given, output, overwrite=overwrite)
