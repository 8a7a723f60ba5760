"""`python -m subemo`, and the command that an installation puts on the path."""

from __future__ import annotations

import io
import sys


def run() -> None:
    """Runs the command line and leaves with its exit code."""
    # The imports take longer than many a command, and are interrupted like one.
    try:
        from .signals import let_go, stoppable

        with stoppable():
            try:
                code = _run()
            finally:
                let_go()
    except (KeyboardInterrupt, SystemExit) as error:
        from .signals import leave, signal_of

        code = leave(signal_of(error) or 2)
    sys.exit(code)


def _run() -> int:
    for stream in (sys.stdout, sys.stderr):
        # A subtitle's text must never end the job because a terminal cannot show it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from .cli import main

    return main()


if __name__ == "__main__":
    run()
