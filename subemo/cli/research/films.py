"""The film protocol of two commands: its options and its results."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from ..command import Options, option
from ..terminal import complain

if TYPE_CHECKING:
    from ...research.films.answers import Variant
    from ...research.films.building import FilmOrder
    from ...research.films.protocol import FilmResults

#: Its name as a value of `--protocol`, and the titles of options in the help.
FILMS = "films"
MEASURED, FILM_GROUP, OTHER = "What is measured", "Film protocol (docs/research/films.md)", "Other"

# The values of `Split` and `Variant`, repeated so that the help need not import them.
SplitName = Literal["choosing", "reporting"]
VariantName = Literal["default", "open", "voice", "voice-open", "adapt-none"]


class FilmProtocolOptions(Options, group=FILM_GROUP):
    """Which films are made, and how they are annotated."""

    split: SplitName = option("Part of the data to make films from.", default="reporting")
    films: int = option("Number of films from each corpus.", low=1, default=2)
    corpora: str | None = option(
        "Corpora of the voices.  [default: all of the split]", metavar="NAME,…"
    )
    variants: tuple[VariantName, ...] = option(
        "Way to annotate the films; may be repeated.  [default: all]", "--variant"
    )


def refuse_options(refused: Collection[str], why: str) -> None:
    """Refuses options of another protocol.

    Args:
        refused: options that may not be given here, or the titles above them in the help
        why: the message after an option's name

    Raises:
        click.UsageError: if one of them was given
    """
    context = click.get_current_context()
    for one in context.command.params:
        given = context.get_parameter_source(one.name or "")
        named = {getattr(one, "group", None), *one.opts}
        if given is ParameterSource.COMMANDLINE and named.intersection(refused):
            raise click.UsageError(f"{one.opts[-1]} {why}.", context)


def ordered_films(options: FilmProtocolOptions, data: Path, *, seed: int) -> FilmOrder:
    """The films of the film protocol, from options.

    Args:
        options: the film options
        data: the data folder
        seed: random seed of the films

    Raises:
        CorpusError: if a corpus is not in the split
    """
    from ...research.corpora import Split
    from ...research.films.building import FilmOrder
    from ...research.films.plan import FilmRecipe

    corpora = tuple(options.corpora.split(",")) if options.corpora else ()
    recipe = FilmRecipe(seed=seed)
    return FilmOrder(data, Split(options.split), corpora, options.films, recipe)


def chosen_variants(options: FilmProtocolOptions) -> tuple[Variant, ...]:
    """The ways to annotate them."""
    from ...research.films.answers import Variant

    return tuple(map(Variant, options.variants or Variant))


def show_films(results: FilmResults, out: Path) -> None:
    """Prints the results on films.

    Args:
        results: of the protocol
        out: the folder of predictions and figures
    """
    from ...research.films.evaluation import text_table

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
