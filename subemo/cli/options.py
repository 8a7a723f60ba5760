"""What several commands share: options, and how they speak."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from ..core.errors import OutputError
from ..core.printable import plain
from ..model import DEFAULT_MODEL

PATH = click.Path(path_type=Path)

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
ravdess_option = click.option(
    "--ravdess", type=PATH, metavar="DIR", help="RAVDESS, its speech files."
)
savee_option = click.option(
    "--savee", type=PATH, metavar="DIR", help="SAVEE, in either of its layouts."
)
layout_option = click.option(
    "--corpus", "layout", metavar="NAME", help="The clips' layout.  [default: found out]"
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
data_option = click.option(
    "--data",
    type=PATH,
    metavar="DIR",
    help="Folder with ravdess, savee, tess, emovo, nemo and backgrounds in it.",
)
encoder_option = click.option(
    "--encoder",
    type=PATH,
    metavar="DIR",
    help="A larger Whisper in CTranslate2's form, of 80 mel bands.  [default: the packaged one]",
)
_Command = Callable[..., object]


def with_options(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """The command with more options, in the order in which its help has them."""
    for option in reversed(options):
        command = option(command)
    return command


def training_options(
    *,
    work: str | None,
    epochs: int | None,
    batch_size: int | None,
    least: str = "",
    shown_work: str = "",
) -> Callable[[_Command], _Command]:
    """The options of everything that trains: --work, --epochs, --batch-size, --seed.

    Args:
        work: where features and finished work are cached; None if the recipe says it
        epochs: how many, or None for what the recipe says
        batch_size: rows a step, or None for what the recipe says
        least: what there is to say of --epochs
        shown_work: what the help says of *work* where the recipe says it
    """
    shown = "recipe's"
    options = (
        click.option(
            "--work",
            type=PATH,
            metavar="DIR",
            default=None if work is None else Path(work),
            show_default=shown_work if work is None else True,
            help="Features and what is done; the same folder again goes on from there.",
        ),
        click.option(
            "--epochs",
            type=click.IntRange(min=1),
            default=epochs,
            show_default=shown if epochs is None else True,
            help=least or None,
        ),
        click.option(
            "--batch-size",
            type=click.IntRange(min=1),
            default=batch_size,
            show_default=shown if batch_size is None else True,
        ),
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True),
    )

    def add(command: _Command) -> _Command:
        return with_options(command, *options)

    return add


def output_folder_option(default: str | None, text: str) -> Callable[[_Command], _Command]:
    """``-o DIR``."""
    return click.option(
        "-o",
        "--output",
        type=PATH,
        metavar="DIR",
        default=None if default is None else Path(default),
        show_default=default is not None,
        help=text,
    )


def picture_form(path: Path) -> str:
    """``png`` or ``svg``, by the end of the name.

    Raises:
        OutputError: if it is neither
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in ("png", "svg"):
        raise OutputError("pictures are written as .png or .svg", path=path)
    return form
