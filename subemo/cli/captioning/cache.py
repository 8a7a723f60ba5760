"""`subemo cache`."""

from __future__ import annotations

import click

from ..options import debug_option


@click.group()
def cache() -> None:
    """What is kept of films that were heard, so that they need not be heard again."""


@cache.command()
@debug_option
def info() -> None:
    """Say where it lies, and how much there is."""
    from .jobs.cache import tell

    tell()


@cache.command()
@debug_option
def clear() -> None:
    """Delete all of it."""
    from .jobs.cache import delete

    delete()
