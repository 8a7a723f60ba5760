"""`python -m subemo`, and the installed command."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TextIO


def run() -> None:
    """Runs the command line and leaves with its exit code."""
    # Imports take longer than many commands, so signals are handled during them too.
    try:
        from .core.signals import let_go, stoppable

        with stoppable():
            try:
                code = _run()
            finally:
                let_go()
    except (KeyboardInterrupt, SystemExit) as error:
        from .core.signals import leave, signal_of

        number = signal_of(error)
        if number is None:  # click exits like this when its output pipe is closed
            raise
        code = leave(number)
    sys.exit(code)


def _run() -> int:
    # A stream that the caller has closed is replaced by one that discards.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        # Text that the terminal cannot encode must never end the run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from .cli import main

    return main()


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


if __name__ == "__main__":
    run()
