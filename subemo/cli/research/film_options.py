"""The options of the film protocol, which two commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import click
from click.core import ParameterSource

from ..options import with_options

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
            help="How they are annotated; may be repeated.  [default: all]",
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
