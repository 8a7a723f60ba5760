"""The guarantee: no text is lost, and every tag can be removed, checked before a file gets its name."""

from __future__ import annotations

from .proving import prove, read_ahead

__all__ = ["prove", "read_ahead"]
