"""Runs `subemo cache`."""

from __future__ import annotations

import click

from ....core.cache import LIMIT, user_cache


def show_info() -> None:
    """Prints the cache's folder and size."""
    cached = user_cache()
    films, size = cached.size()
    click.echo(
        f"{cached.folder}: films cached: {films}, {size / 1e6:.1f} MB of at most {LIMIT / 1e6:.0f} MB"
    )


def delete() -> None:
    """Empties the cache."""
    cached = user_cache()
    click.echo(f"films deleted: {cached.shrink(0)}, from {cached.folder}")
