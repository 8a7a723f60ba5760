"""The options of everything that trains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from ...model import DEFAULT_MODEL
from ...research.training.registry import RECIPES, Sources
from ..options import PATH, with_options

_Command = Callable[..., object]

data_option = click.option(
    "--data",
    type=PATH,
    metavar="DIR",
    help=f"Folder with {', '.join(RECIPES[DEFAULT_MODEL].corpora)} and backgrounds in it.",
)
encoder_option = click.option(
    "--encoder",
    type=PATH,
    metavar="DIR",
    help="A larger Whisper in CTranslate2's form, of 80 mel bands.  [default: the packaged one]",
)


def _corpora() -> Mapping[str, str]:
    """What the help says of each corpus that a recipe is given a folder of, by name."""
    return {
        name: text
        for entry in RECIPES.values()
        if entry.sources is Sources.CORPORA
        for name, text in entry.corpora.items()
    }


#: The names of those corpora; their options are called like them.
CORPORA = tuple(_corpora())


def corpora_options(command: _Command) -> _Command:
    """An option for each corpus that a recipe is given a folder of: --ravdess and the like."""
    options = (
        click.option(f"--{name.replace('_', '-')}", name, type=PATH, metavar="DIR", help=text)
        for name, text in _corpora().items()
    )
    return with_options(command, *options)


def taken_corpora(given: dict[str, object]) -> dict[str, Path]:
    """The folders of the corpora, taken out of all that a command was given, by name."""
    folders = ((name, given.pop(name)) for name in CORPORA)
    return {name: folder for name, folder in folders if isinstance(folder, Path)}


def training_options(
    *,
    work: str | None,
    epochs: int | None,
    batch_size: int | None,
    least: str = "",
    shown_work: str = "",
) -> Callable[[_Command], _Command]:
    """The options of everything that trains: --work, --epochs, --batch-size, --seed.

    Args:
        work: where features and finished work are cached; None if the recipe says it
        epochs: how many, or None for what the recipe says
        batch_size: rows a step, or None for what the recipe says
        least: what there is to say of --epochs
        shown_work: what the help says of *work* where the recipe says it
    """
    shown = "recipe's"
    options = (
        click.option(
            "--work",
            type=PATH,
            metavar="DIR",
            default=None if work is None else Path(work),
            show_default=shown_work if work is None else True,
            help="Cached features and finished work; a run with the same folder resumes from it.",
        ),
        click.option(
            "--epochs",
            type=click.IntRange(min=1),
            default=epochs,
            show_default=shown if epochs is None else True,
            help=least or None,
        ),
        click.option(
            "--batch-size",
            type=click.IntRange(min=1),
            default=batch_size,
            show_default=shown if batch_size is None else True,
        ),
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True),
    )

    def add(command: _Command) -> _Command:
        return with_options(command, *options)

    return add


def output_folder_option(default: str | None, text: str) -> Callable[[_Command], _Command]:
    """``-o DIR``."""
    return click.option(
        "-o",
        "--output",
        type=PATH,
        metavar="DIR",
        default=None if default is None else Path(default),
        show_default=default is not None,
        help=text,
    )
