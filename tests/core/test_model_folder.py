"""The parts of a model: plain files within limits, and the ones that its description names."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from subemo.core.errors import BundleError
from subemo.core.model_folder import ModelFolder, check_digest, read_part


def part(path: Path, limit: int = 10) -> bytes:
    return read_part(path, limit=limit, name="the model", remedy="Fetch it.")


def test_a_part_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    assert part(path) == b"0123456789"
    with pytest.raises(BundleError, match="larger than"):
        part(path, limit=9)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing"):
        with pytest.raises(BundleError, match="this file of the model cannot be read"):
            part(path)


def test_another_part_than_the_one_that_is_named(tmp_path: Path) -> None:
    good = hashlib.sha256(b"x").hexdigest()
    check_digest(b"x", good, path=tmp_path, named_in="a.json", remedy="Fetch it.")
    for digest in (good[:-1], None, 7):
        with pytest.raises(BundleError, match=r"differs from the one in a\.json"):
            check_digest(b"x", digest, path=tmp_path, named_in="a.json", remedy="Fetch it.")


@pytest.mark.parametrize("error", [ValueError, KeyError, TypeError, RecursionError, OverflowError])
def test_a_description_that_is_none(tmp_path: Path, error: type[Exception]) -> None:
    folder = ModelFolder("the model", 3, "a.json", "a.bin", 10, "Fetch it.", "Look elsewhere.")
    folder.write(tmp_path, {"format": 3, "weights": folder.named(b"x")}, b"x")
    with folder.read(tmp_path) as (description, data):
        assert (description["format"], data) == (3, b"x")
    with (
        pytest.raises(BundleError, match="not a valid description of the model"),
        folder.read(tmp_path),
    ):
        raise error
    folder.write(tmp_path, {"format": 4}, b"x")
    with pytest.raises(BundleError, match="the model of format 4"), folder.read(tmp_path):
        pass
