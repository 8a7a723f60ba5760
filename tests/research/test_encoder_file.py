from __future__ import annotations

from pathlib import Path

from subemo.features.encoder import SHIPPED_FILE, SHIPPED_SHA256
from subemo.research.encoder_file import write_encoder

from ..conftest import ROOT


def test_a_second_run_writes_the_file_that_ships(tmp_path: Path) -> None:
    assert write_encoder(tmp_path / "new") == SHIPPED_SHA256
    written = (tmp_path / "new" / SHIPPED_FILE.name).read_bytes()
    assert written == (ROOT / "models" / SHIPPED_FILE).read_bytes()
