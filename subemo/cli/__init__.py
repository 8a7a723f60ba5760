"""The command line: parses options, calls the library, prints results and errors.

To add a command, write a module in ``captioning`` or ``research`` and list it at
the end of this module. A command's module declares its options and is imported
only when the command is used (`lazy`); what a captioner's command does is in
``captioning/jobs``, which ``--help`` does not import. The library never imports
this package.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Sequence

import click

from ..core.errors import SubemoError
from ..core.signals import leave, signal_of, stoppable
from ..core.version import __version__
from .lazy import LazyCommand
from .options import EXIT_FAILURE, State, complain, debug_option


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: without the program's name; None for ``sys.argv``

    Returns:
        the exit code: 0 for success, 1 for a failure, 2 for wrong usage, 128 plus
            the number of a signal (130 for Ctrl-C)
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
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (Exception, SystemExit) as error:
        # Clean-up may fail for the same reason: no bar can be wiped on a closed terminal.
        if isinstance(error, click.Abort) or signal_of(error) is not None:
            raise
        # click exits without a word where any pipe breaks, of a child process too.
        if isinstance(error, SystemExit):
            if not isinstance(error.__context__, BrokenPipeError):
                raise
            error = error.__context__
        if state.debug:
            traceback.print_exc()
        complain(*_complaint(error))
        return EXIT_FAILURE


def _complaint(error: Exception) -> tuple[str, str]:
    """The kind of failure and the message for the user."""
    if isinstance(error, SubemoError):
        return "error", str(error)
    if isinstance(error, OSError) and error.strerror:
        # The system refuses: a full disk, a name too long, a closed pipe.
        about = [os.fsdecode(name) for name in (error.filename, error.filename2) if name]
        return "error", ": ".join([*(about or ["cannot write the output"]), error.strerror])
    return (
        "internal error",
        f"{type(error).__name__}: {error}. Please report it with the output of --debug.",
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="subemo")
@debug_option
def cli() -> None:
    """Adds the emotion of the voice to a film's subtitles."""


#: Each command's module and the first sentence of its help.
_COMMANDS = {
    ".captioning.annotate": "Tag the subtitles SUBS of VIDEO with the emotion of the voice.",
    ".captioning.batch": "Annotate many films; finished ones are skipped.",
    ".captioning.review": "Open the studio to check, correct and publish tags of VIDEO.",
    ".captioning.mux": "Add finished CAPTIONS to a copy of VIDEO as a subtitle track.",
    ".captioning.burn": "Burn finished CAPTIONS into the picture of a copy of VIDEO.",
    ".captioning.convert": "Convert finished CAPTIONS to another format.",
    ".captioning.check": "List the cues of FILE that break reading limits.",
    ".captioning.strip": "Remove subemo's tags from FILE and restore the original bytes.",
    ".captioning.classify": "Classify the emotion of the voice in sound or video FILES.",
    ".captioning.model": "Show what a model contains.",
    ".research.train": "Train a model from the official corpora and evaluate it.",
    ".research.evaluate": "Evaluate a model on labelled CLIPS.",
    ".captioning.doctor": "Check this installation and show how to fix it.",
    ".captioning.completion": "Print or install shell completion for SHELL.",
    ".captioning.cache": "Show or clear the cache of analysed films.",
    ".research.crossval": "Cross-validate the default recipe on unseen speakers.",
    ".research.calibrate": "Fit how a model weighs voice, words and neighbouring cues.",
    ".research.reproduce": "Train the models of the 2024 report (Davies and Chen).",
    ".research.corpus": "Summarise clips by emotion, speaker and corpus.",
    ".research.features": "Write the feature table of the 2024 report (Davies and Chen).",
    ".research.clips": "Cut VIDEO into clips at the segments listed in LABELS.",
    ".research.plot": "Plot the waveform, spectrogram or augmentations of CLIP.",
}

for _module, _summary in _COMMANDS.items():
    cli.add_command(LazyCommand(_module, _summary))
