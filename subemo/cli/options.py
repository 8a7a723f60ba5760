"""What several commands share: options, and how they speak."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..core.errors import OutputError
from ..core.printable import plain
from ..model import DEFAULT_MODEL


class FilePath(click.Path):
    """The path of a file, which has a name; an empty one would be the folder that one is in."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See `click.ParamType.convert`."""
        if value == "":
            self.fail("a file needs a name", param, ctx)
        return super().convert(value, param, ctx)


PATH = FilePath()

EXIT_FAILURE = 1


@dataclass
class State:
    """What every command needs to know of the call."""

    debug: bool = False


def complain(kind: str, text: str) -> None:
    """One line on standard error; nothing in it can steer a terminal.

    Args:
        kind: ``error``, ``warning`` or ``note``
        text: what is the matter
    """
    with suppress(OSError):  # nobody can be told
        click.echo(f"subemo: {kind}: {plain(text)}", err=True)


def _set_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().obj.debug = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set_debug,
    help="Show where in the program an error arose.",
)
adapt_option = click.option(
    "--adapt",
    type=click.Choice(["none", "film"]),
    help="Standardise on the film's own cues.  [default: as the model says]",
)
witness_option = click.option(
    "--witness",
    type=click.Choice(["voice", "both"]),
    default="both",
    show_default=True,
    help="Decide by the voice alone, or also by the words where there is a model for their language.",
)
model_option = click.option(
    "--model",
    metavar="NAME|DIR",
    default=DEFAULT_MODEL,
    show_default=True,
    help="A model that comes with subemo, or the folder of one.",
)
layout_option = click.option(
    "--corpus",
    "layout",
    metavar="NAME|PATTERN",
    help="The clips' layout: a corpus's, or a pattern of their paths such as "
    "'{speaker}/{emotion}/*'.  [default: found out]",
)
ignore_option = click.option(
    "--ignore", metavar="LABEL", multiple=True, help="Leave out the clips of this label."
)
audio_stream_option = click.option(
    "--audio-stream",
    type=click.IntRange(min=0),
    metavar="N",
    help="Which sound track, from 0.  [default: the one that ffmpeg would play]",
)

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace what is written if it exists."
)
_Command = Callable[..., object]


def with_options(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """The command with more options, in the order in which its help has them."""
    for option in reversed(options):
        command = option(command)
    return command


def picture_form(path: Path) -> str:
    """``png`` or ``svg``, by the end of the name.

    Raises:
        OutputError: if it is neither
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in ("png", "svg"):
        raise OutputError("pictures are written as .png or .svg", path=path)
    return form
