"""Options and messages that several commands share."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..core.errors import OutputError
from ..core.printable import plain
from ..model import DEFAULT_MODEL


class FilePath(click.Path):
    """The path of a file; refuses an empty name, which would mean the working folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See `click.ParamType.convert`."""
        if value == "":
            self.fail("the file name is empty", param, ctx)
        return super().convert(value, param, ctx)


PATH = FilePath()

EXIT_FAILURE = 1


@dataclass
class State:
    """Settings of the call that every command needs."""

    debug: bool = False


#: The options of parameters with another name, or of certain values.
_OPTIONS = {
    "adaptation": "--adapt",
    "folder": "-o",
    "form": "--format",
    "layout": "--corpus",
    "path": "-o",
    "split=SilencePolicy()": "--split silence",
    "transcriber": "--whisper",
    "transcriber=None": "--no-transcribe",
    "without": "--without-subtitles",
}
_PARAMETER = re.compile(r"`(([a-z_]+)(?:=([^`]*))?)`")


def in_options(text: str) -> str:
    """A message of the library with options where it names parameters, in backticks.

    >>> in_options("Replace it with `overwrite=True`, or choose another `path`.")
    'Replace it with --overwrite, or choose another -o.'
    >>> in_options('Show more tags (`policy="every"`).')
    'Show more tags (--policy every).'
    """

    def option(match: re.Match[str]) -> str:
        whole, name, value = match.groups()
        said = _OPTIONS.get(whole) or _OPTIONS.get(name) or f"--{name.replace('_', '-')}"
        if value is None or value == "True" or whole in _OPTIONS:
            return said
        return f"{said} {shlex.quote(value.strip(_QUOTES))}"

    return _PARAMETER.sub(option, text)


_QUOTES = "\"'"


def complain(kind: str, text: str) -> None:
    """Prints one line to standard error, without terminal control sequences.

    Parameters that the text names are shown as options, see `in_options`.

    Args:
        kind: ``error``, ``warning`` or ``note``
        text: the message
    """
    click.echo(f"subemo: {kind}: {plain(in_options(text))}", err=True)


def _set_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().obj.debug = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set_debug,
    help="Show the traceback of an error.",
)
adapt_option = click.option(
    "--adapt",
    type=click.Choice(["none", "film"]),
    help="Standardise features on the film's own cues (film) or on the training data (none).  "
    "[default: the model's setting]",
)
witness_option = click.option(
    "--witness",
    type=click.Choice(["voice", "both"]),
    default="both",
    show_default=True,
    help="Decide by the voice alone, or also by the words where a text model knows their language.",
)
model_option = click.option(
    "--model",
    metavar="NAME|DIR",
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a bundled model, or a model's folder.",
)
layout_option = click.option(
    "--corpus",
    "layout",
    metavar="NAME|PATTERN",
    help="Layout of the clips: that of a corpus, or a pattern of paths such as "
    "'{speaker}/{emotion}/*'.  [default: detected]",
)
ignore_option = click.option(
    "--ignore",
    metavar="LABEL",
    multiple=True,
    help="Leave out clips with this label; may be repeated.",
)
audio_stream_option = click.option(
    "--audio-stream",
    type=click.IntRange(min=0),
    metavar="N",
    help="Audio track, counted from 0.  [default: the track that players choose]",
)

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace output files that exist."
)
_Command = Callable[..., object]


def with_options(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """Adds options to a command, in the order in which its help lists them."""
    for option in reversed(options):
        command = option(command)
    return command


def picture_form(path: Path) -> str:
    """``png`` or ``svg``, by the file name's suffix.

    Raises:
        OutputError: for any other suffix
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in ("png", "svg"):
        raise OutputError("the picture's name must end in .png or .svg", path=path)
    return form
