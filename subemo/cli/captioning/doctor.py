"""`subemo doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from ...core.printable import plain
from ...core.version import __version__
from ...doctor import Check, Diagnosis, State, diagnose
from ..command import Options, command, flag, in_options


class _DoctorOptions(Options):
    as_json: bool = flag("Print all results as JSON.", "--json")


@command()
def doctor(options: _DoctorOptions) -> int:
    """Check this installation and show how to fix it.

    Checks ffmpeg and its codecs, the models and their checksums, fonts, a browser,
    the cache, settings, space for temporary files, and the extras. Exits with 1
    if `subemo annotate` cannot work, else 0.
    """
    found = diagnose()
    for line in [json.dumps(found.to_json(), indent=1)] if options.as_json else _lines(found):
        click.echo(line)
    return int(not found.can_annotate)


def _lines(found: Diagnosis) -> Iterator[str]:
    yield f"subemo {__version__}, Python {found.python}, {found.system}"
    width = max(len(check.name) for check in found.checks)
    states = max(map(len, State))
    for check in found.checks:
        yield f"{check.state.value:<{states}}  {check.name:<{width}}  {plain(in_options(_told(check)))}"
    if found.can_annotate:
        yield "`subemo annotate` can work."
    else:
        names = ", ".join(check.name for check in found.obstacles)
        yield f"`subemo annotate` cannot work. See above: {names}."


def _told(check: Check) -> str:
    return f"{check.detail}. {check.remedy}" if check.remedy else check.detail
