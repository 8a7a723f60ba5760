"""Names that were replaced, readable until 1.0."""

from __future__ import annotations

import warnings


def warn_renamed(old: str, new: str) -> None:
    """Warns the code that reads an old name, two calls up.

    Args:
        old: the name that it reads
        new: the name that holds the same
    """
    warnings.warn(f"{old} is deprecated: use {new}", DeprecationWarning, stacklevel=3)
