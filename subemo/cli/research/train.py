"""`subemo train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...model import DEFAULT_MODEL
from ...research.training.registry import RECIPES
from ..options import (
    data_option,
    debug_option,
    encoder_option,
    output_folder_option,
    ravdess_option,
    savee_option,
    training_options,
)

if TYPE_CHECKING:
    from ...research.training.model_recipe import ModelRecipe, TrainOptions

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
@ravdess_option
@savee_option
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
    from ...model.bundle import check_new_bundle
    from ...research.training.model_recipe import train_model
    from ..terminal import progress

    chosen = RECIPES[recipe].load()
    options = _options(chosen, given)
    out = output or Path(chosen.name)
    check_new_bundle(out, overwrite=overwrite)
    with progress(notes=True) as on_step:
        figures = train_model(chosen, options, out=out, on_step=on_step)
    for figure in figures:
        click.echo(str(figure))
    click.echo(f"Written: {out}")


def _options(recipe: ModelRecipe, given: dict[str, Any]) -> TrainOptions:
    """What the recipe is given.

    Raises:
        click.UsageError: if that is not what it learns from
    """
    from ...research.training.model_recipe import Sources, TrainOptions

    corpora = {name: root for name in ("ravdess", "savee") if (root := given.pop(name)) is not None}
    given["work"] = given["work"] or Path("runs") / RECIPES[recipe.name].work
    options = TrainOptions(corpora=corpora, **given)
    if recipe.sources is Sources.CORPORA and (not corpora or options.data):
        raise click.UsageError("Give at least one corpus: --ravdess DIR, --savee DIR.")
    if recipe.sources is Sources.DATA and (corpora or options.data is None):
        others = [entry.load() for entry in _ENTRIES]
        of_corpora = " or ".join(one.name for one in others if one.sources is Sources.CORPORA)
        raise click.UsageError(
            f"{recipe.name} takes all corpora together: --data DIR "
            f"(--ravdess and --savee are for --recipe {of_corpora})."
        )
    return options
