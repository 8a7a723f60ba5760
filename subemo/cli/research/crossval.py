"""`subemo crossval`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..grouped import GroupedCommand
from ..options import debug_option, model_option
from .film_options import FILMS, GROUP, NAMES, FilmOptions, film_options, refuse_options
from .option_groups import CrossvalOptions
from .training_options import data_option, encoder_option, output_folder_option, training_options

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
    help="Protocol to run; may be repeated, except films.  "
    "[default: all reported protocols on clips]",
)
@training_options(work="runs/default", epochs=None, batch_size=None)
@encoder_option
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change the recipe for an ablation; may be repeated. Examples: sampling.mixup=0, "
    "network.sees=summary, layers=2+3, compute_type=int8.",
)
@film_options
@click.option(
    "--film-seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Random seed of the films.",
)
@model_option
@output_folder_option(None, "Folder for predictions and figures.  [default: same as --work]")
@debug_option
def crossval(data: Path | None, **given: Any) -> None:
    """Cross-validate the default recipe on unseen speakers.

    Each fold is saved when it is done; run the same command again to resume.

    With --protocol films, the folds are evaluated on films made from DATA. Corpora
    outside the training data of --model are evaluated with that model itself.
    """
    if data is None:
        raise click.UsageError("Give the folder of the corpora: --data DIR.")
    films = FilmOptions.taken_from(given)
    options = CrossvalOptions(data=data, **given)
    is_on_films = options.protocols == (FILMS,)
    if not is_on_films:
        refuse_options(_FILMS_ALONE, f"needs --protocol {FILMS}")
    from .jobs.crossval import cross_validate_clips, cross_validate_films

    if is_on_films:
        cross_validate_films(options, films)
    else:
        cross_validate_clips(options)
