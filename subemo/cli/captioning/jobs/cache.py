"""What `subemo cache` does."""

from __future__ import annotations

import click

from ....core.cache import LIMIT, user_cache


def tell() -> None:
    """Says where the cache lies, and how much there is."""
    kept = user_cache()
    films, size = kept.size()
    click.echo(
        f"{kept.folder}: films kept: {films}, {size / 1e6:.1f} MB of at most {LIMIT / 1e6:.0f} MB"
    )


def delete() -> None:
    """Deletes all of it."""
    kept = user_cache()
    click.echo(f"films deleted: {kept.shrink(0)}, from {kept.folder}")
