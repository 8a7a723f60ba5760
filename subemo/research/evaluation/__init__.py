"""Evaluation on labelled clips: scoring, metrics and results."""

from __future__ import annotations

from .figures import Figure
from .metrics import Scored, evaluate, score

__all__ = ["Figure", "Scored", "evaluate", "score"]
