"""Text that is safe to show on a terminal."""

from __future__ import annotations


def plain(text: str) -> str:
    """*text* on one line, with a dot for each terminal control character."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "·" for c in text)
