"""Options of the commands that train."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from ...research.corpora import CORPORA_OF, Split
from ...research.training.registry import RECIPES
from ..options import PATH, with_options

_Command = Callable[..., object]

data_option = click.option(
    "--data",
    type=PATH,
    metavar="DIR",
    help=f"Folder that contains {', '.join(CORPORA_OF[Split.TRAINING])} and backgrounds.",
)
encoder_option = click.option(
    "--encoder",
    type=PATH,
    metavar="DIR",
    help="Folder of a larger Whisper model in CTranslate2 format, with 80 mel bands.  "
    "[default: bundled layers of tiny.en and base]",
)


def _corpora() -> Mapping[str, str]:
    """The help text of each corpus that a recipe takes a folder of, by name."""
    return {name: text for entry in RECIPES.values() for name, text in entry.corpora.items()}


#: The names of those corpora, which are also their options.
CORPORA = tuple(_corpora())


def corpora_options(command: _Command) -> _Command:
    """Adds an option for each corpus that a recipe takes a folder of, such as --ravdess."""
    options = (
        click.option(f"--{name.replace('_', '-')}", name, type=PATH, metavar="DIR", help=text)
        for name, text in _corpora().items()
    )
    return with_options(command, *options)


def taken_corpora(given: dict[str, object]) -> dict[str, Path]:
    """Removes the folders of the corpora from *given* and returns them by name."""
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
    """Adds the options of training: --work, --epochs, --batch-size, --seed.

    Args:
        work: folder of cached features and finished work; None for the recipe's
        epochs: the number, or None for the recipe's
        batch_size: rows per step, or None for the recipe's
        least: the help of --epochs
        shown_work: the default of *work* in the help if it is the recipe's
    """
    shown = "recipe's"
    options = (
        click.option(
            "--work",
            type=PATH,
            metavar="DIR",
            default=None if work is None else Path(work),
            show_default=shown_work if work is None else True,
            help="Folder for cached features and finished work; a later run resumes from it.",
        ),
        click.option(
            "--epochs",
            type=click.IntRange(min=1),
            default=epochs,
            show_default=shown if epochs is None else True,
            help=least or "Number of epochs.",
        ),
        click.option(
            "--batch-size",
            type=click.IntRange(min=1),
            default=batch_size,
            show_default=shown if batch_size is None else True,
            help="Rows per training step.",
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Random seed."
        ),
    )

    def add(command: _Command) -> _Command:
        return with_options(command, *options)

    return add


def output_folder_option(default: str | None, text: str) -> Callable[[_Command], _Command]:
    """The option ``-o DIR``."""
    return click.option(
        "-o",
        "--output",
        type=PATH,
        metavar="DIR",
        default=None if default is None else Path(default),
        show_default=default is not None,
        help=text,
    )
