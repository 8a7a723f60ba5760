"""`python -m subemo`, and the command that an installation puts on the path."""

from __future__ import annotations

import io
import sys


def run() -> None:
    """Runs the command line and leaves with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A subtitle's text must never end the job because a terminal cannot show it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from .cli import main

    sys.exit(main())


if __name__ == "__main__":
    run()
