"""The film protocol that options ask for, and how its results are shown."""

from __future__ import annotations

from pathlib import Path

import click

from ....research.films.evaluation import text_table
from ....research.films.protocol import FilmProtocol, FilmResults
from ....research.films.recipe import FilmRecipe
from ....research.films.running import Variant
from ....research.films.splits import Split
from ...options import complain
from ..film_options import VARIANTS, FilmOptions


def film_protocol(options: FilmOptions, data: Path, *, seed: int) -> FilmProtocol:
    """The protocol that options ask for.

    Args:
        options: what the user says of films
        data: the data folder
        seed: of the films

    Raises:
        CorpusError: at a corpus that is not for the split
    """
    return FilmProtocol(
        data,
        Split(options.split),
        tuple(options.corpora.split(",")) if options.corpora else (),
        options.films,
        FilmRecipe(seed=seed),
        tuple(map(Variant, options.variants or VARIANTS)),
    )


def show_films(results: FilmResults, out: Path) -> None:
    """Prints what films came to.

    Args:
        results: of the protocol
        out: where its answers and figures are
    """
    if results.left_out:
        names = ", ".join(results.left_out)
        complain(
            "note",
            f"{names}: in the training data; `subemo crossval` evaluates folds trained without them",
        )
    for film in results.films:
        lost = ", ".join(f"{count} {reason}" for reason, count in film.dropped.items())
        by = results.models[film.corpus]
        click.echo(f"{film.name}: {len(film.cues)} cues, by {by}; dropped: {lost or 'none'}")
    for variant, groups in results.groups.items():
        click.echo(f"\n== {variant}\n\n{text_table(groups)}\n")
    click.echo(f"Written: {out}")
