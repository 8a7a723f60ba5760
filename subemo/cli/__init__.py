"""The command line: options in, library calls, results and errors out.

To add a command: write a module in ``captioning`` or ``research``, and name it
at the end of this one. A command's module is imported when the command is used
(`lazy`), and says what its options are; what a captioner's command does is in
``captioning/jobs``, which its help does not wait for. The library knows nothing
of what is in here.
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
from .lazy import LazyCommand
from .options import EXIT_FAILURE, State, complain, debug_option


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
    """What kind of failure it is, and the message for the user."""
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


#: Where each command is, and the first sentence of its help.
_COMMANDS = {
    ".captioning.annotate": "Tag the subtitles SUBS of the film VIDEO with the emotion of the voice.",
    ".captioning.batch": "Annotate many films; what is done already is skipped, and none stops the others.",
    ".captioning.review": "Open the studio, in which a person hears, checks, corrects and publishes the tags of VIDEO.",
    ".captioning.mux": "Put CAPTIONS that are final into a copy of VIDEO, as a track.",
    ".captioning.burn": "Draw CAPTIONS that are final into the picture of a copy of VIDEO.",
    ".captioning.convert": "Write CAPTIONS that are final in another format.",
    ".captioning.check": "List what of the subtitles FILE cannot be read in time, with subemo's tags and without.",
    ".captioning.strip": "Take subemo's tags out of FILE: what is left is what it was made of, byte for byte.",
    ".captioning.classify": "Say how the voice sounds in whole sound or video FILES, a voice message for example.",
    ".captioning.model": "Say what is in a model.",
    ".research.train": "Train a model from the official corpora, and measure it.",
    ".research.evaluate": "Measure a model on labelled CLIPS: a folder, a table of clips, or a film with --labels.",
    ".captioning.doctor": "Check this installation: what works, what is missing, and how to get it.",
    ".captioning.completion": "Print the script that completes subemo's commands and options in SHELL.",
    ".captioning.cache": "Show or clear the cache of analysed films.",
    ".research.crossval": "Measure the default model's recipe on voices and corpora that are not in its training data.",
    ".research.calibrate": "Fit how a model weighs voice, words and neighbouring cues, and write that into its folder.",
    ".research.reproduce": "Train every model of the 2024 report (Davies and Chen), under its protocol and with speakers held out.",
    ".research.corpus": "Say what is in labelled corpora: clips by emotion, speaker and corpus.",
    ".research.features": "Write the table of features of the 2024 report (Davies and Chen): 162 columns and the label.",
    ".research.clips": "Cut the stretches of VIDEO that LABELS names (start,end,emotion[,speaker]) into clips.",
    ".research.plot": "Draw the sound of a CLIP, in seconds, hertz and decibels.",
}

for _module, _summary in _COMMANDS.items():
    cli.add_command(LazyCommand(_module, _summary))
