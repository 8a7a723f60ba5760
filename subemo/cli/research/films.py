"""The film protocol of two commands: its options and its results."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from ..command import Options, option
from ..terminal import complain, progress, written_line

if TYPE_CHECKING:
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
    """Refuses options of another protocol: *refused* has them, or titles above them in the help."""
    context = click.get_current_context()
    for one in context.command.params:
        given = context.get_parameter_source(one.name or "")
        named = {getattr(one, "group", None), *one.opts}
        if given is ParameterSource.COMMANDLINE and named.intersection(refused):
            raise click.UsageError(f"{one.opts[-1]} {why}.", context)


def run_on_films(
    function: Callable[..., FilmResults],
    options: FilmProtocolOptions,
    data: Path,
    *,
    model: str,
    seed: int,
    work: Path,
    out: Path | None,
    notes: bool = False,
) -> None:
    """Evaluates a model, or its recipe, on films and prints the results.

    Args:
        function: `evaluate_model`, or a function like it
        options: which films
        data: the data folder
        model: a model's name or folder
        seed: random seed of the films
        work: the folder of cached work
        out: the folder of predictions and figures; None for *work*
        notes: whether intermediate results are printed
    """
    from ...api import load_model
    from ...research.corpora import Split
    from ...research.films.answers import Variant
    from ...research.films.building import FilmOrder
    from ...research.films.evaluation import text_table
    from ...research.films.plan import FilmRecipe

    corpora = tuple(options.corpora.split(",")) if options.corpora else ()
    recipe = FilmRecipe(seed=seed)
    order = FilmOrder(data, Split(options.split), corpora, options.films, recipe)
    variants = tuple(map(Variant, options.variants or Variant))
    with progress(notes=notes) as on_step:
        results = function(
            order, load_model(model), variants=variants, work=work, out=out, on_step=on_step
        )
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
    click.echo(written_line(out or work))
