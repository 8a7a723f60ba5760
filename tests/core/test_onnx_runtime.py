"""ONNX Runtime leaves nothing where temporary files are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("code", [
    "from subemo.core.onnx_runtime import onnx_runtime; assert onnx_runtime().InferenceSession",
    "from subemo.features.encoder import load_encoder\n"
    "from subemo.features.whisper import WhisperFrames\nWhisperFrames.of_encoder(None)",
    "from subemo.align.voice_activity import _detector; _detector()",
])  # fmt: skip
def test_no_file_is_left(code: str, tmp_path: Path) -> None:
    said = "; import os; print(os.environ.get('TMPDIR'))"
    done = subprocess.run([sys.executable, "-c", code + said], check=True, capture_output=True,
                          text=True, env={**os.environ, "TMPDIR": str(tmp_path)})  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert done.stdout.strip() == str(tmp_path)
