"""Runs `subemo train`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ....model.bundle import check_new_bundle, is_model_name
from ....research.training.model_recipe import TrainOptions, train_model
from ....research.training.registry import RECIPES, RecipeEntry
from ...terminal import progress


def run(
    entry: RecipeEntry,
    corpora: Mapping[str, Path],
    given: Mapping[str, Any],
    output: Path | None,
    *,
    overwrite: bool,
) -> None:
    """Trains a model, writes its folder and prints its figures.

    Args:
        entry: the recipe's registry entry
        corpora: the folders of single corpora, by name
        given: the other fields of `TrainOptions`
        output: the model's folder; None for one named after the model
        overwrite: whether an existing model is replaced

    Raises:
        click.UsageError: if the recipe does not train on the given data
        SubemoError: or a subclass, with a message for the user
    """
    out = output or Path(entry.name)
    work, name = given["work"] or Path("runs") / entry.folder, given["name"] or _name_of(out)
    if not is_model_name(name):
        raise click.UsageError(
            f"The model cannot be named {name!r}: give a --name of letters, digits and hyphens."
        )
    options = TrainOptions(**{**given, "work": work, "name": name}, corpora=corpora)
    _check_sources(entry, options)
    check_new_bundle(out, overwrite=overwrite)
    with progress(notes=True) as on_step:
        figures = train_model(entry.load(), options, out=out, on_step=on_step)
    for figure in figures:
        click.echo(str(figure))
    click.echo(f"Written: {out}")


def _name_of(folder: Path) -> str:
    """The name of a model in a folder: the folder's, with hyphens for other characters."""
    return re.sub(r"[^A-Za-z0-9._+]+", "-", folder.resolve().name).strip("-._+")[:64]


def _check_sources(entry: RecipeEntry, options: TrainOptions) -> None:
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
