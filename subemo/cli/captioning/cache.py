"""`subemo cache`."""

from __future__ import annotations

import click

from ..options import debug_option


@click.group()
def cache() -> None:
    """Show or clear the cache of analysed films."""


@cache.command()
@debug_option
def info() -> None:
    """Show the cache's folder and size."""
    from .jobs.cache import show_info

    show_info()


@cache.command()
@debug_option
def clear() -> None:
    """Delete all cached analyses."""
    from .jobs.cache import delete

    delete()
