"""``python -m subemo.research.films``: the film protocol, from corpora to figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ...api import load_model
from ...core.errors import SubemoError
from ...core.files import write_atomically
from ...model import DEFAULT_MODEL
from .building import FilmOrder, build_films
from .evaluation import Group, evaluate, figures_table, text_table
from .folds import classifier_for
from .recipe import FilmRecipe
from .running import Variant, answer_films
from .splits import CORPORA_OF, Split


@dataclass(frozen=True)
class RunOptions:
    """What is built, judged and reported.

    Attributes:
        data: a folder with the corpora, ``backgrounds`` and ``text/meld``
        model: a model's name or folder
        corpora: whose voices, parted by commas; None for all of the split
        split: what the films are for
        films: how many of each corpus
        seed: of the films
        variants: how they are annotated; none for all variants
        out: where films, answers and figures go
        work: where folds are trained; None to train none
    """

    data: Path
    model: str
    corpora: str | None
    split: str
    films: int
    seed: int
    variants: tuple[str, ...]
    out: Path
    work: Path | None


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help="A model's name or folder.")
@click.option("--corpora", metavar="NAME,…", help="Whose voices.  [default: all of the split]")
@click.option(
    "--split",
    type=click.Choice([split.value for split in Split]),
    default=Split.REPORTING.value,
    show_default=True,
    help="What the films are for.",
)
@click.option("--films", default=2, show_default=True, help="How many of each corpus.")
@click.option("--seed", default=0, show_default=True, help="Of all chances.")
@click.option(
    "--variant",
    "variants",
    multiple=True,
    type=click.Choice([variant.value for variant in Variant]),
    help="How they are annotated; again for more.  [default: all]",
)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Train folds there, without the corpora that the model has heard.",
)
def main(**given: Any) -> None:
    """Build films of DATA, annotate them, and print how right the tags are."""
    try:
        run(RunOptions(**given))
    except SubemoError as error:
        raise click.ClickException(str(error)) from error


def run(options: RunOptions) -> None:
    """The whole protocol; figures go to standard output and into the folder.

    Args:
        options: what is built, judged and reported

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    split, out = Split(options.split), options.out
    names = options.corpora.split(",") if options.corpora else list(CORPORA_OF[split])
    shipped = load_model(options.model)
    training = None
    if options.work is not None:
        from ..training.subemo_crnn import read_data

        training = read_data(options.data)
    work = options.work or out
    recipe = FilmRecipe(seed=options.seed)
    orders = [FilmOrder(options.data, name, split, options.films, recipe) for name in names]
    built = {order.corpus: build_films(order, out / "films") for order in orders}
    models = {name: classifier_for(name, shipped, training, work=work) for name in names}
    for name, films in built.items():
        for film in films:
            lost = ", ".join(f"{count} {reason}" for reason, count in film.dropped.items())
            by = models[name].bundle.name
            click.echo(f"{film.name}: {len(film.cues)} cues, by {by}; dropped: {lost or 'none'}")
    for variant in map(Variant, options.variants or Variant):
        answers = answer_films(built, models, variant, folder=out)
        _tell(evaluate(answers), variant, out)


def _tell(groups: list[Group], variant: Variant, out: Path) -> None:
    click.echo(f"\n== {variant}\n\n{text_table(groups)}\n")
    table = figures_table(groups).encode()
    write_atomically(out / f"figures-{variant}.csv", table, overwrite=True)


if __name__ == "__main__":
    main()
