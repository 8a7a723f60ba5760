"""Orders films from options and prints its results."""

from __future__ import annotations

from pathlib import Path

import click

from ....research.corpora import Split
from ....research.films.answers import Variant
from ....research.films.building import FilmOrder
from ....research.films.evaluation import text_table
from ....research.films.plan import FilmRecipe
from ....research.films.protocol import FilmResults
from ...options import complain
from ..film_options import VARIANTS, FilmOptions


def ordered_films(options: FilmOptions, data: Path, *, seed: int) -> FilmOrder:
    """The films of the film protocol, from options.

    Args:
        options: the film options
        data: the data folder
        seed: random seed of the films

    Raises:
        CorpusError: if a corpus is not in the split
    """
    return FilmOrder(
        data,
        Split(options.split),
        tuple(options.corpora.split(",")) if options.corpora else (),
        options.films,
        FilmRecipe(seed=seed),
    )


def chosen_variants(options: FilmOptions) -> tuple[Variant, ...]:
    """The ways to annotate them."""
    return tuple(map(Variant, options.variants or VARIANTS))


def show_films(results: FilmResults, out: Path) -> None:
    """Prints the results on films.

    Args:
        results: of the protocol
        out: the folder of predictions and figures
    """
    if results.left_out:
        names = ", ".join(results.left_out)
        complain(
            "note",
            f"{names}: not evaluated, since the model was trained on them; use `subemo crossval`",
        )
    for film in results.films:
        lost = ", ".join(f"{count} {reason}" for reason, count in film.dropped.items())
        by = results.models[film.corpus]
        click.echo(f"{film.name}: {len(film.cues)} cues, by {by}; dropped: {lost or 'none'}")
    for variant, groups in results.groups.items():
        click.echo(f"\n== {variant}\n\n{text_table(groups)}\n")
    click.echo(f"Written: {out}")
