"""CREMA-D, the Crowd-sourced Emotional Multimodal Actors Dataset (Cao et al., 2014)."""

from __future__ import annotations

import re

from .base import NamedFiles


class CremaD(NamedFiles):
    """``AudioWAV/1001_DFA_ANG_XX.wav``: 91 actors, 12 sentences."""

    name = "crema-d"
    example = "1001_DFA_ANG_XX.wav"
    pattern = re.compile(
        r"(?P<speaker>1\d{3})_(?P<statement>[A-Z]{3})_(?P<label>ANG|DIS|FEA|HAP|NEU|SAD)"
        r"_(?P<intensity>LO|MD|HI|XX|X)"
    )
    codes = {"intensity": {"LO": "low", "MD": "medium", "HI": "high", "XX": None, "X": None}}


CORPUS = CremaD()
