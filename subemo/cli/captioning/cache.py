"""`subemo cache`."""

from __future__ import annotations

import click

from ..command import command


@click.group()
def cache() -> None:
    """Show or clear the cache of analysed films."""


@command()
def info() -> None:
    """Show the cache's folder and size."""
    from ...core.cache import LIMIT, user_cache

    cached = user_cache()
    films, size = cached.size()
    click.echo(
        f"{cached.folder}: films cached: {films}, {size / 1e6:.1f} MB of at most {LIMIT / 1e6:.0f} MB"
    )


@command()
def clear() -> None:
    """Delete all cached analyses."""
    from ...core.cache import user_cache

    cached = user_cache()
    click.echo(f"films deleted: {cached.shrink(0)}, from {cached.folder}")


cache.add_command(info)
cache.add_command(clear)
