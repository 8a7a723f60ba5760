"""``python -m subemo.research.films``: the film protocol, from corpora to figures."""

from __future__ import annotations

from pathlib import Path

import click

from ...api import load_model
from ...core.errors import SubemoError
from ...core.files import write_atomically
from ...model import DEFAULT_MODEL
from .building import FilmOrder, build_films
from .evaluation import Group, evaluate, figures_table, mean_of_corpora, text_table
from .folds import classifier_for
from .metrics import METRICS
from .plan import FilmRecipe
from .running import Variant, answer_films
from .splits import CORPORA_OF, Split


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help="A model's name or folder.")
@click.option("--corpora", metavar="NAME,…", help="Whose voices.  [default: all of the split]")
@click.option("--split", type=click.Choice(list(Split)), default=Split.REPORTING, show_default=True)
@click.option("--films", default=2, show_default=True, help="Of each corpus.")
@click.option("--seed", default=0, show_default=True)
@click.option("--variant", "variants", multiple=True, type=click.Choice(list(Variant)))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Train folds there, without the corpora that the model has heard.",
)
def main(
    data: Path,
    model: str,
    corpora: str | None,
    split: Split,
    films: int,
    seed: int,
    variants: tuple[Variant, ...],
    out: Path,
    work: Path | None,
) -> None:
    """Build films of DATA, annotate them, and print how right the tags are."""
    split = Split(split)
    names = corpora.split(",") if corpora else list(CORPORA_OF[split])
    try:
        _run(data, model, names, split, (films, seed), variants, (out, work))
    except SubemoError as error:
        raise click.ClickException(str(error)) from error


def _run(
    data: Path,
    model: str,
    names: list[str],
    split: Split,
    counts: tuple[int, int],
    variants: tuple[Variant, ...],
    folders: tuple[Path, Path | None],
) -> None:
    (films, seed), (out, work) = counts, folders
    shipped = load_model(model)
    training = None
    if work is not None:
        from ..training.subemo_crnn import read_data

        training = read_data(data)
    models = {
        name: classifier_for(name, shipped, training, work=work or out) for name in names
    }  # fmt: skip
    recipe = FilmRecipe(seed=seed)
    built = {
        name: build_films(FilmOrder(data, name, split, films, recipe), out / "films")
        for name in names
    }
    for name, of_corpus in built.items():
        for film in of_corpus:
            lost = ", ".join(f"{count} {reason}" for reason, count in film.dropped.items())
            click.echo(f"{film.name}: {len(film.cues)} cues by {models[name].bundle.name}", nl=False)
            click.echo(f"; lines dropped: {lost or 'none'}")
    for variant in variants or tuple(Variant):
        answers = answer_films(built, models, Variant(variant), folder=out)
        _tell(evaluate(answers), Variant(variant), out)


def _tell(groups: list[Group], variant: Variant, out: Path) -> None:
    click.echo(f"\n== {variant}\n\n{text_table(groups)}\n")
    for metric in METRICS:
        mean, least = mean_of_corpora(groups, metric)
        click.echo(f"mean of the corpora, least: {metric:<46} {mean:.2f} {least:.2f}")
    table = figures_table(groups).encode()
    write_atomically(out / f"figures-{variant}.csv", table, overwrite=True)


if __name__ == "__main__":
    main()
