"""EMOVO, Italian acted speech (Costantini et al., 2014)."""

from __future__ import annotations

import re

from .base import ClipProtocol, NamedFiles, Split


class Emovo(NamedFiles):
    """``f1/dis-f1-b1.wav``: three women and three men, 14 sentences in each emotion."""

    name = "emovo"
    example = "dis-f1-b1.wav"
    pattern = re.compile(
        r"(?P<label>dis|gio|neu|pau|rab|sor|tri)-(?P<speaker>(?P<sex>[fm])\d)-(?P<statement>\w+)"
    )
    codes = {"sex": {"f": "female", "m": "male"}}
    language = "it"
    splits = (Split.TRAINING, Split.REPORTING)
    protocols = (ClipProtocol("emovo", "EMOVO, corpus and language unseen", name, None),)


CORPUS = Emovo()
