import os
from pathlib import Path

import pytest

from subemo.core.errors import OutputError
from subemo.core.files import check_writable, write_atomically


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_writes_all(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"data")
    assert (tmp_path / "a").read_bytes() == b"data"
    assert names(tmp_path) == ["a"]


def test_permissions_are_those_of_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "a", b"data")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_existing_file_is_kept_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match=r"already exists.*`overwrite=True`"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    path.chmod(0o640)
    write_atomically(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["a"]


def test_nothing_is_left_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_atomically(tmp_path / "a", b"data")
    assert names(tmp_path) == []


def test_without_hard_links_a_taken_name_is_still_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    write_atomically(tmp_path / "a", b"data")
    with pytest.raises(OutputError, match="already exists"):
        write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"data"
    assert names(tmp_path) == ["a"]


class TestCheckWritable:
    def test_input_is_never_written_over(self, tmp_path: Path) -> None:
        source = tmp_path / "a"
        source.touch()
        (tmp_path / "link").symlink_to(source)
        for path in (source, tmp_path / "link"):
            with pytest.raises(OutputError, match="an input"):
                check_writable(path, inputs=[source], overwrite=True)

    def test_folder_missing(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="the folder does not exist"):
            check_writable(tmp_path / "none" / "a")

    def test_folder_as_output(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="this is a folder"):
            check_writable(tmp_path, overwrite=True)

    def test_folder_not_writable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
        with pytest.raises(OutputError, match="this folder is not writable"):
            check_writable(tmp_path / "a")
