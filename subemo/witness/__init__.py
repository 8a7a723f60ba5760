"""The second witness beside the voice: predicts the emotion from the words of a line.

Each language has one file of weights. To add a language, train it
(`python -m subemo.research.words`) and add its folder to `WITNESSES`.
"""

from __future__ import annotations

from .features import spoken
from .words import WITNESSES, WordsWitness, find_witness

__all__ = ["WITNESSES", "WordsWitness", "find_witness", "spoken"]
