"""The second witness beside the voice: predicts the emotion from the words of a line.

Each language has one file of weights. To add a language, train it
(`python -m subemo.research.words`) and add its folder to `WITNESSES`.
"""

from __future__ import annotations

from .cleaning import spoken
from .registry import WITNESSES, find_witness
from .words import WordsWitness

__all__ = ["WITNESSES", "WordsWitness", "find_witness", "spoken"]
