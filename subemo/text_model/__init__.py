"""The text model, which decides beside the voice: predicts the emotion from the words of a line.

Each language has one file of weights. To add a language, train it
(`python -m subemo.research.words`) and add its folder to `TEXT_MODELS`.
"""

from __future__ import annotations

from .features import spoken
from .words import TEXT_MODELS, TextModel, find_text_model

__all__ = ["TEXT_MODELS", "TextModel", "find_text_model", "spoken"]
