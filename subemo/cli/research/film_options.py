"""The options of the film protocol, shared by two commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import click
from click.core import ParameterSource

from ..options import with_options

#: Its name as a value of `--protocol`.
FILMS = "films"

#: The title of its options in the help, and their names.
GROUP = "Film protocol (docs/research/films.md)"
NAMES = ("--split", "--films", "--corpora", "--variant")

#: The values of `Split` and `Variant`, repeated so that the help need not import them.
SPLITS = ("choosing", "reporting")
VARIANTS = ("default", "open", "voice", "voice-open", "adapt-none")

_Command = Callable[..., object]


@dataclass(frozen=True)
class FilmOptions:
    """Which films are made, and how they are annotated.

    Attributes:
        split: the part of the data they are made from
        films: number of films from each corpus
        corpora: corpora of the voices, separated by commas; None for all of the split
        variants: ways to annotate the films; empty for all
    """

    split: str
    films: int
    corpora: str | None
    variants: tuple[str, ...]

    @classmethod
    def taken_from(cls, given: dict[str, object]) -> FilmOptions:
        """Removes the options of `film_options` from *given* and returns them."""
        return cls(**{field.name: given.pop(field.name) for field in fields(cls)})  # type: ignore[arg-type]


def film_options(command: _Command) -> _Command:
    """Adds --split, --films, --corpora and --variant."""
    options = (
        click.option(
            "--split",
            type=click.Choice(SPLITS),
            default=SPLITS[1],
            show_default=True,
            help="Part of the data to make films from.",
        ),
        click.option(
            "--films",
            type=click.IntRange(min=1),
            default=2,
            show_default=True,
            help="Number of films from each corpus.",
        ),
        click.option(
            "--corpora",
            metavar="NAME,…",
            help="Corpora of the voices.  [default: all of the split]",
        ),
        click.option(
            "--variant",
            "variants",
            multiple=True,
            type=click.Choice(VARIANTS),
            help="Way to annotate the films; may be repeated.  [default: all]",
        ),
    )
    return with_options(command, *options)


def refuse_options(names: Sequence[str], why: str) -> None:
    """Refuses options of another protocol.

    Args:
        names: options that may not be given here
        why: the message after an option's name

    Raises:
        click.UsageError: if one of them was given
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "")
        if given is ParameterSource.COMMANDLINE and set(names).intersection(parameter.opts):
            raise click.UsageError(f"{parameter.opts[-1]} {why}.", context)
