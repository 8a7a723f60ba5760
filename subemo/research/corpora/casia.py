"""CASIA, Mandarin acted speech of the Institute of Automation, Chinese Academy of Sciences."""

from __future__ import annotations

import re
from pathlib import Path

from .base import Entry, NamedFiles, Split

# The names do not give the sex; it is inferred from the pitch (medians of 226 and 233 Hz, 115 and 135 Hz).
_SEXES = {
    "liuchanhg": "female",
    "zhaoquanyin": "female",
    "wangzhe": "male",
    "ZhaoZuoxiang": "male",
}
_NAME = re.compile(rf"(\d+)-(angry|fear|happy|neutral|sad|surprise)-({'|'.join(_SEXES)})")


class Casia(NamedFiles):
    """``201-angry-wangzhe.wav``: two women and two men, the public part; no calm, no disgust."""

    name = "casia"
    example = "201-angry-wangzhe.wav"
    pattern = _NAME
    language = "zh"
    splits = (Split.REPORTING,)

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """See `NamedFiles.read`."""
        statement, label, speaker = match.groups()
        return Entry(path, label, speaker=speaker, sex=_SEXES[speaker], statement=statement)


CORPUS = Casia()
