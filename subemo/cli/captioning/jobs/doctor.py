"""Runs `subemo doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from ....core.printable import plain
from ....core.version import __version__
from ....doctor import Check, Diagnosis, State, diagnose
from ...options import EXIT_FAILURE, in_options


def run(*, as_json: bool) -> int:
    """Checks the installation and prints the results.

    Args:
        as_json: whether to print JSON

    Returns:
        the exit code: 1 if `subemo annotate` cannot work
    """
    found = diagnose()
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=1))
    else:
        for line in _lines(found):
            click.echo(line)
    return 0 if found.can_annotate else EXIT_FAILURE


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
