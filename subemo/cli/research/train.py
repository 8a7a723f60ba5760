"""`subemo train`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from ...model import DEFAULT_MODEL
from ...research.corpora import CORPORA_OF, Split
from ...research.training.registry import RECIPES, RecipeEntry
from ..command import Options, command, flag, made_option, option, several
from ..terminal import progress, written_line

# What the commands that train share.
DATA = partial(
    option,
    f"Folder that contains {', '.join(CORPORA_OF[Split.TRAINING])} and backgrounds.",
    metavar="DIR",
)
ENCODER = partial(
    option,
    "Folder of a larger Whisper model in CTranslate2 format, with 80 mel bands.  "
    "[default: bundled layers of tiny.en and base]",
    metavar="DIR",
)
WORK = partial(
    option,
    "Folder for cached features and finished work; a later run resumes from it.",
    metavar="DIR",
)
EPOCHS = partial(option, low=1, show_default="recipe's")
BATCH_SIZE = partial(option, "Rows per training step.", low=1, show_default="recipe's")
SEED = partial(option, "Random seed.", low=0, default=0)

#: An option for each corpus that a recipe takes a folder of, such as --ravdess.
CORPORA = partial(
    several,
    [
        made_option(name, Path, help=text, metavar="DIR")
        for entry in RECIPES.values()
        for name, text in entry.corpora.items()
    ],
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
        return super().convert(_OLD_NAMES.get(value, value), param, ctx)


class _TrainOptions(Options):
    recipe: str = option(
        f"Model to train: {', or '.join(entry.summary for entry in _ENTRIES)}.",
        type=_RecipeName(tuple(RECIPES)),
        default=DEFAULT_MODEL,
    )
    corpora: Mapping[str, Path] = CORPORA()
    data: Path | None = DATA()
    encoder: Path | None = ENCODER()
    output: Path | None = option(
        "Folder for the trained model.  [default: named after the recipe]", "-o", metavar="DIR"
    )
    work: Path | None = WORK(show_default=" or ".join(f"runs/{entry.folder}" for entry in _ENTRIES))
    epochs: int | None = EPOCHS("Number of epochs.")
    batch_size: int | None = BATCH_SIZE()
    seed: int = SEED()
    held_out: bool = option(f"Also evaluate on held-out speakers ({_HELD_OUT}).", default=True)
    name: str | None = option(
        "Name of the model, in `model.json`, its card and results.  [default: name of its folder]",
        metavar="TEXT",
    )
    overwrite: bool = flag("Replace an existing model.")


@command(help=_HELP)
def train(options: _TrainOptions) -> None:
    """Runs the command; its help is `_HELP`."""
    from ...model.bundle import check_new_bundle, is_model_name
    from ...research.training.model_recipe import TrainOptions, train_model

    entry = RECIPES[options.recipe]
    out = options.output or Path(entry.name)
    name = options.name or _name_of(out)
    if not is_model_name(name):
        raise click.UsageError(
            f"The model cannot be named {name!r}: give a --name of letters, digits and hyphens."
        )
    _check_sources(entry, options)
    check_new_bundle(out, overwrite=options.overwrite)
    given = TrainOptions(
        work=options.work or Path("runs") / entry.folder,
        corpora=options.corpora,
        data=options.data,
        encoder=options.encoder,
        epochs=options.epochs,
        batch_size=options.batch_size,
        seed=options.seed,
        held_out=options.held_out,
        name=name,
    )
    with progress(notes=True) as on_step:
        figures = train_model(entry.load(), given, out=out, on_step=on_step)
    click.echo("\n".join(map(str, figures)))
    click.echo(written_line(out))


def _name_of(folder: Path) -> str:
    """The name of a model in a folder: the folder's, with hyphens for other characters."""
    return re.sub(r"[^A-Za-z0-9._+]+", "-", folder.resolve().name).strip("-._+")[:64]


def _check_sources(entry: RecipeEntry, options: _TrainOptions) -> None:
    """Refuses options for data that the recipe does not train on."""
    others = [one for one in RECIPES.values() if one.corpora]
    if entry.corpora:
        unknown = [name for name in options.corpora if name not in entry.corpora]
        if not options.corpora or options.data or unknown:
            names = ", ".join(f"--{name} DIR" for name in entry.corpora)
            raise click.UsageError(f"Give the folder of at least one corpus: {names}.")
    elif options.corpora or options.data is None:
        names = " and ".join(dict.fromkeys(f"--{name}" for one in others for name in one.corpora))
        raise click.UsageError(
            f"{entry.name} takes one folder with all corpora: --data DIR "
            f"({names} are for --recipe {' or '.join(one.name for one in others)})."
        )
