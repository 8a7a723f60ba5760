"""`subemo crossval`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..grouped import GroupedCommand
from ..options import debug_option, model_option
from .film_options import FILMS, GROUP, NAMES, FilmOptions, film_options, refuse_options
from .option_groups import CrossvalOptions
from .training_options import (
    data_option,
    encoder_option,
    output_folder_option,
    training_options,
)

_FILMS_ALONE = (*NAMES, "--film-seed", "--model", "--output")
_GROUPS = {
    "What is measured": ("--data", "--protocol", "--work", "--help"),
    "Recipe": ("--epochs", "--batch-size", "--seed", "--encoder", "--set"),
    GROUP: _FILMS_ALONE,
}


@click.command(cls=GroupedCommand, groups=_GROUPS)
@data_option
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    metavar="NAME",
    help="One of them; may be repeated, but `films` stands alone.  [default: all on clips that are reported]",
)
@training_options(work="runs/default", epochs=None, batch_size=None)
@encoder_option
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change the recipe, for an ablation: sampling.mixup=0, network.sees=summary, layers=2+3, loud=0.",
)
@film_options
@click.option(
    "--film-seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the films."
)
@model_option
@output_folder_option(None, "Where answers and figures go.  [default: as --work]")
@debug_option
def crossval(data: Path | None, **given: Any) -> None:
    """Measure the default model's recipe on voices and corpora that are not in its training data.

    Each fold is saved when it is done, and the same command resumes from there.

    With --protocol films the folds are evaluated on films made of DATA; on corpora
    outside --model's training data that model itself is evaluated.
    """
    if data is None:
        raise click.UsageError("Say where the corpora are: --data DIR.")
    films = FilmOptions.taken_from(given)
    options = CrossvalOptions(data=data, **given)
    is_on_films = options.protocols == (FILMS,)
    if not is_on_films:
        refuse_options(_FILMS_ALONE, f"is for --protocol {FILMS} alone")
    from .jobs.crossval import cross_validate_clips, cross_validate_films

    if is_on_films:
        cross_validate_films(options, films)
    else:
        cross_validate_clips(options)
