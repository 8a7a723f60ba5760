"""Spoilt files: other readers find every word where it was; see `attack`, and `make fuzz` for more."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ..formats.attack import complaints, examples, mutated


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.name)
def test_spoilt_files(path: Path, tmp_path: Path) -> None:
    chance = random.Random(path.name)
    data = path.read_bytes()
    assert list(complaints(data, tmp_path, chance)) == []
    for _ in range(3):
        spoilt = mutated(data, chance)
        assert list(complaints(spoilt, tmp_path, chance)) == [], spoilt
