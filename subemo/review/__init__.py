"""Reviewing tags: in the studio, or on a page without a server."""

from __future__ import annotations

from .page import review_page, variants_of

__all__ = ["review_page", "variants_of"]
