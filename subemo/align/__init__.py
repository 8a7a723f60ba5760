"""Assigns the film's sound to cues."""

from __future__ import annotations

from .segments import Segment, Span, cut, windows
from .silence import Levels, SilencePolicy, measure, split_on_silence

__all__ = [
    "Levels",
    "Segment",
    "SilencePolicy",
    "Span",
    "cut",
    "measure",
    "split_on_silence",
    "windows",
]
