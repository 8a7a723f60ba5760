"""What `subemo cache` does."""

from __future__ import annotations

import click

from ....core.cache import LIMIT, user_cache


def show_info() -> None:
    """Says where the cache lies, and how much there is."""
    cached = user_cache()
    films, size = cached.size()
    click.echo(
        f"{cached.folder}: films cached: {films}, {size / 1e6:.1f} MB of at most {LIMIT / 1e6:.0f} MB"
    )


def delete() -> None:
    """Deletes all of it."""
    cached = user_cache()
    click.echo(f"films deleted: {cached.shrink(0)}, from {cached.folder}")
