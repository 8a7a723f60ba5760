"""Caption formats, one module each, and operations on all of them."""

from __future__ import annotations

from .reading import parse_document, read_bytes, read_document
from .registry import FORMATS, READERS, RECORDED, reader_of
from .untagging import untag, untag_recorded

__all__ = [
    "FORMATS",
    "READERS",
    "RECORDED",
    "parse_document",
    "read_bytes",
    "read_document",
    "reader_of",
    "untag",
    "untag_recorded",
]
