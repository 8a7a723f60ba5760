"""A second witness beside the voice: which emotion the words of a line speak for.

One language, one file of weights: to add a language, train it
(`python -m subemo.research.words`) and name its folder in `WITNESSES`.
"""

from __future__ import annotations

from .cleaning import spoken
from .registry import WITNESSES, find_witness
from .words import WordsWitness

__all__ = ["WITNESSES", "WordsWitness", "find_witness", "spoken"]
