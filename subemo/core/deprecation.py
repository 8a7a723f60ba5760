"""Warnings for renamed attributes, which stay readable until 1.0."""

from __future__ import annotations

import warnings


def warn_renamed(old: str, new: str) -> None:
    """Warns about an old name in the code two calls up.

    Args:
        old: the old name
        new: its replacement
    """
    warnings.warn(f"{old} is deprecated: use {new}", DeprecationWarning, stacklevel=3)
