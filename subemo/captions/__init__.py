"""Caption files: reading, writing, the record of tags, and removing what subemo put in."""

from __future__ import annotations

from .reading import parse_document, read_bytes, read_document
from .removal import untag, untag_recorded

__all__ = ["parse_document", "read_bytes", "read_document", "untag", "untag_recorded"]
