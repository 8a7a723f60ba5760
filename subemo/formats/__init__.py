"""Caption formats, one module each."""

from __future__ import annotations

from .registry import FORMATS, READERS, RECORDED, reader_of

__all__ = ["FORMATS", "READERS", "RECORDED", "reader_of"]
