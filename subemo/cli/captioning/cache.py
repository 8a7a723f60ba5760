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
    from ...core.cache import LIMIT, user_cache

    kept = user_cache()
    films, size = kept.size()
    click.echo(
        f"{kept.folder}: films kept: {films}, {size / 1e6:.1f} MB of at most {LIMIT / 1e6:.0f} MB"
    )


@cache.command()
@debug_option
def clear() -> None:
    """Delete all of it."""
    from ...core.cache import user_cache

    kept = user_cache()
    click.echo(f"films deleted: {kept.shrink(0)}, from {kept.folder}")
