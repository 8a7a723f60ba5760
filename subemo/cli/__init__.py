"""The command line: options in, library calls, results and errors out.

To add a command: write a module beside this one, and name it at the end of
this one. The library knows nothing of what is in here.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

import click

from ..core.errors import SubemoError
from ..core.signals import discard, leave, signal_of, stoppable
from ..core.version import __version__
from .captioning.annotate import annotate
from .captioning.batch import batch
from .captioning.cache import cache
from .captioning.check import check
from .captioning.classify import classify
from .captioning.review import review
from .captioning.strip import strip
from .options import EXIT_FAILURE, State, complain, debug_option
from .research.clips import clips
from .research.corpus import corpus
from .research.crossval import crossval
from .research.evaluate import evaluate
from .research.features import features
from .research.plot import plot
from .research.reproduce import reproduce
from .research.train import train


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: without the program's name; None for the process's own

    Returns:
        the exit code: 0, 1 for a failure, 2 for wrong usage, 128 + its number
            for a signal (130 for Ctrl-C)
    """
    with stoppable():
        try:
            return _main(arguments)
        except BaseException as error:
            number = signal_of(error)
            if number is None and not isinstance(error, click.Abort):
                raise
            return leave(signal.SIGINT if number is None else number)


def _main(arguments: Sequence[str] | None) -> int:
    state = State()
    try:
        code = cli.main(arguments, prog_name="subemo", standalone_mode=False, obj=state)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return error.exit_code
    except Exception as error:
        # Clean-up may fail for what ended the run: a bar cannot be wiped on a terminal that is gone.
        if isinstance(error, click.Abort) or signal_of(error) is not None:
            raise
        if state.debug:
            traceback.print_exc()
        complain(*_complaint(error))
        _let_go_of_stdout()
        return EXIT_FAILURE


def _complaint(error: Exception) -> tuple[str, str]:
    """What kind of failure it is, and what the user is told."""
    if isinstance(error, SubemoError):
        return "error", str(error)
    if isinstance(error, OSError) and error.strerror:
        # The system says no: the disk is full, a name is too long, nobody reads what is printed.
        about = [os.fsdecode(name) for name in (error.filename, error.filename2) if name]
        return "error", ": ".join([*(about or ["writing what was asked for"]), error.strerror])
    return (
        "internal error",
        f"{type(error).__name__}: {error}. Please report it, with what --debug prints.",
    )


def _let_go_of_stdout() -> None:
    """Keeps Python from writing, when it ends, what could not be written before."""
    try:
        sys.stdout.flush()
    except OSError:
        discard(sys.stdout)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="subemo")
@debug_option
def cli() -> None:
    """Adds the emotion of the voice to a film's subtitles."""


for command in (
    annotate,
    batch,
    review,
    check,
    strip,
    classify,
    train,
    evaluate,
    cache,
    crossval,
    reproduce,
    corpus,
    features,
    clips,
    plot,
):
    cli.add_command(command)
