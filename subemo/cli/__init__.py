"""The command line: parses options, calls the library, prints results and errors.

To add a command, write a module in ``captioning`` or ``research`` with its options and
what it does (`command`), and list it at the end of this module. It is imported only
when the command is used (`lazy`), and what loads NumPy only when it runs, so that
--help is fast. The library never imports this package.
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
from .lazy import LazyCommand, debug_option


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
    state = {"debug": False}
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
        if state["debug"]:
            traceback.print_exc()
        from .terminal import complain

        complain(*_complaint(error))
        return 1


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
def cli() -> None:
    """Adds the emotion of the voice to a film's subtitles."""


cli.params.append(debug_option())

#: Each command's package, and the first sentence of its help.
_COMMANDS = {
    "annotate": ("captioning", "Tag the subtitles SUBS of VIDEO with the emotion of the voice."),
    "batch": ("captioning", "Annotate many films; finished ones are skipped."),
    "review": ("captioning", "Open the studio to check, correct and publish tags of VIDEO."),
    "mux": ("captioning", "Add finished CAPTIONS to a copy of VIDEO as a subtitle track."),
    "burn": ("captioning", "Burn finished CAPTIONS into the picture of a copy of VIDEO."),
    "convert": ("captioning", "Convert finished CAPTIONS to another format."),
    "check": ("captioning", "List the cues of FILE that break reading limits."),
    "strip": ("captioning", "Remove subemo's tags from FILE and restore the original bytes."),
    "classify": ("captioning", "Classify the emotion of the voice in sound or video FILES."),
    "model": ("captioning", "Show what a model contains."),
    "train": ("research", "Train a model from the official corpora and evaluate it."),
    "evaluate": ("research", "Evaluate a model on labelled CLIPS."),
    "doctor": ("captioning", "Check this installation and show how to fix it."),
    "completion": ("captioning", "Print or install shell completion for SHELL."),
    "cache": ("captioning", "Show or clear the cache of analysed films."),
    "crossval": ("research", "Cross-validate the default recipe on unseen speakers."),
    "calibrate": ("research", "Fit how a model weighs voice, words and neighbouring cues."),
    "reproduce": ("research", "Train the models of the 2024 report (Davies and Chen)."),
    "corpus": ("research", "Summarise clips by emotion, speaker and corpus."),
    "features": ("research", "Write the feature table of the 2024 report (Davies and Chen)."),
    "clips": ("research", "Cut VIDEO into clips at the segments listed in LABELS."),
    "plot": ("research", "Plot the waveform, spectrogram or augmentations of CLIP."),
}
#: The modules of several commands.
_MODULES = dict.fromkeys(("mux", "burn", "convert"), "final")
_MODULES |= dict.fromkeys(("corpus", "features", "plot"), "clips")

for _name, (_package, _summary) in _COMMANDS.items():
    _module = f".{_package}.{_MODULES.get(_name, _name)}"
    cli.add_command(LazyCommand(_name, _module, _summary))
