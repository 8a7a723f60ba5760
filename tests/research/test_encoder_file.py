from __future__ import annotations

from pathlib import Path

import pytest

from subemo.features.encoder import BASE_SHA256, BUNDLED, BundledEncoder
from subemo.research.encoder_file import write_encoder
from subemo.transcription.weights import BASE

from ..conftest import ROOT


@pytest.mark.parametrize("encoder", BUNDLED, ids=lambda one: one.file.as_posix())
def test_a_second_run_writes_the_file_that_ships(encoder: BundledEncoder, tmp_path: Path) -> None:
    if encoder.weights == BASE_SHA256 and not BASE.is_installed:
        pytest.skip("needs the extra multilingual, which has Whisper base")
    assert write_encoder(encoder, tmp_path) == encoder.sha256
    written = (tmp_path / encoder.file).read_bytes()
    assert written == (ROOT / "models" / encoder.file).read_bytes()
