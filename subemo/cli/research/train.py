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

#: What they were called before.
_OLD_NAMES = {entry.work: entry.name for entry in _ENTRIES}

_HELP = f"""Train a model from the official corpora, and measure it.

{"; ".join(f"{entry.name} takes {entry.takes}" for entry in _ENTRIES)}.
"""

_HELD_OUT = ", ".join(f"{entry.name}; {entry.held_out}" for entry in _ENTRIES if entry.held_out)


class _RecipeName(click.Choice[str]):
    """The name of a model, or what its recipe was called before."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name of the model."""
        return super().convert(_OLD_NAMES.get(value, value), param, ctx)


@click.command(help=_HELP)
@click.option(
    "--recipe",
    type=_RecipeName(tuple(RECIPES)),
    default=DEFAULT_MODEL,
    show_default=True,
    help=f"Which model: {', or '.join(entry.summary for entry in _ENTRIES)}.",
)
@corpora_options
@data_option
@encoder_option
@output_folder_option(None, "Folder of the trained model.  [default: the recipe's name]")
@training_options(
    work=None,
    epochs=None,
    batch_size=None,
    shown_work=" or ".join(f"runs/{entry.work}" for entry in _ENTRIES),
)
@click.option(
    "--held-out/--no-held-out",
    default=True,
    show_default=True,
    help=f"Measure on held-out speakers, too ({_HELD_OUT}).",
)
@click.option("--overwrite", is_flag=True, help="Replace the model if it exists.")
@debug_option
def train(recipe: str, output: Path | None, overwrite: bool, **given: Any) -> None:
    """What the command does; its help is `_HELP`."""
    from .jobs.train import run

    corpora = taken_corpora(given)
    run(RECIPES[recipe], corpora, given, output, overwrite=overwrite)
