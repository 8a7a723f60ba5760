"""The review: a person has the last word, in a studio that is served, or on a page by itself."""

from __future__ import annotations

from .page import review_page, variants_of

__all__ = ["review_page", "variants_of"]
