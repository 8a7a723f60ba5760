"""The review page: a person has the last word."""

from __future__ import annotations

from .page import review_page, variants_of

__all__ = ["review_page", "variants_of"]
