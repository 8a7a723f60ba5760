"""CASIA, Mandarin acted speech of the Institute of Automation, Chinese Academy of Sciences."""

from __future__ import annotations

import re

from .base import NamedFiles, Split

# The names do not give the sex; it is inferred from the pitch (medians of 226 and 233 Hz, 115 and 135 Hz).
_SEXES = {
    "liuchanhg": "female",
    "zhaoquanyin": "female",
    "wangzhe": "male",
    "ZhaoZuoxiang": "male",
}


class Casia(NamedFiles):
    """``201-angry-wangzhe.wav``: two women and two men, the public part; no calm, no disgust."""

    name = "casia"
    example = "201-angry-wangzhe.wav"
    pattern = re.compile(
        r"(?P<statement>\d+)-(?P<label>angry|fear|happy|neutral|sad|surprise)"
        rf"-(?P<speaker>(?P<sex>{'|'.join(_SEXES)}))"
    )
    codes = {"sex": _SEXES}
    language = "zh"
    splits = (Split.REPORTING,)


CORPUS = Casia()
