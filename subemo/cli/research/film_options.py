"""What the commands that know the film protocol share: its options, and how they show its results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from ..options import complain, with_options

if TYPE_CHECKING:
    from ...research.films.protocol import FilmProtocol, FilmResults

#: What `--protocol` calls it.
FILMS = "films"

#: Under which its options stand in the help, and their names.
GROUP = "Film protocol (docs/films.md)"
NAMES = ("--split", "--films", "--corpora", "--variant")

#: The values of `Split` and `Variant`, which are not loaded for the help.
SPLITS = ("choosing", "reporting")
VARIANTS = ("default", "open", "voice", "voice-open", "adapt-none")

_Command = Callable[..., object]


@dataclass(frozen=True)
class FilmOptions:
    """What a user says of films.

    Attributes:
        split: what they are for
        films: how many of each corpus
        corpora: whose voices, parted by commas; None for all of the split
        variants: how they are annotated; none for all variants
    """

    split: str
    films: int
    corpora: str | None
    variants: tuple[str, ...]

    @classmethod
    def taken_from(cls, given: dict[str, object]) -> FilmOptions:
        """The options of `film_options`, taken out of all that a command was given."""
        return cls(**{field.name: given.pop(field.name) for field in fields(cls)})  # type: ignore[arg-type]

    def protocol(self, data: Path, *, seed: int) -> FilmProtocol:
        """The protocol that they ask for.

        Args:
            data: the data folder
            seed: of the films

        Raises:
            CorpusError: at a corpus that is not for the split
        """
        from ...research.films.protocol import FilmProtocol
        from ...research.films.recipe import FilmRecipe
        from ...research.films.running import Variant
        from ...research.films.splits import Split

        return FilmProtocol(
            data,
            Split(self.split),
            tuple(self.corpora.split(",")) if self.corpora else (),
            self.films,
            FilmRecipe(seed=seed),
            tuple(map(Variant, self.variants or VARIANTS)),
        )


def film_options(command: _Command) -> _Command:
    """--split, --films, --corpora and --variant."""
    options = (
        click.option(
            "--split",
            type=click.Choice(SPLITS),
            default=SPLITS[1],
            show_default=True,
            help="What the films are for.",
        ),
        click.option(
            "--films",
            type=click.IntRange(min=1),
            default=2,
            show_default=True,
            help="How many of each corpus.",
        ),
        click.option(
            "--corpora", metavar="NAME,…", help="Whose voices.  [default: all of the split]"
        ),
        click.option(
            "--variant",
            "variants",
            multiple=True,
            type=click.Choice(VARIANTS),
            help="How they are annotated; again for more.  [default: all]",
        ),
    )
    return with_options(command, *options)


def refuse_options(names: Sequence[str], why: str) -> None:
    """Refuses options of another protocol.

    Args:
        names: of options, those that the user may not give here
        why: what there is to say of one

    Raises:
        click.UsageError: if the user gives one of them
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "")
        if given is ParameterSource.COMMANDLINE and set(names).intersection(parameter.opts):
            raise click.UsageError(f"{parameter.opts[-1]} {why}.", context)


def show_films(results: FilmResults, out: Path) -> None:
    """Prints what films came to.

    Args:
        results: of the protocol
        out: where its answers and figures are
    """
    from ...research.films.evaluation import text_table

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
