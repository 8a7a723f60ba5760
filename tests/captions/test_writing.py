"""Captions and their record: wherever a run is stopped, what lies there can be stripped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from subemo.captions import untag
from subemo.captions.record import record_path
from subemo.captions.writing import Captions, write_captions
from subemo.core import files
from subemo.core.emotions import Emotion
from subemo.core.errors import OutputError

from ..formats.build import annotation

PLAIN = "\n".join(
    f"{i}\n00:00:{i:02},000 --> 00:00:{i:02},900\nLine {i}\n" for i in range(1, 46)
).encode()


def captions(emotion: Emotion = Emotion.ANGRY) -> Captions:
    return annotation(PLAIN, dict.fromkeys(range(45), emotion)).proven()


def litter(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("replaced", [False, True])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_killed_before_any_of_its_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, replaced: bool
) -> None:
    path = tmp_path / "film.srt"
    if replaced:
        write_captions(captions(Emotion.SAD), path)
    script = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.captions.test_writing import captions, Path, files, write_captions
names, count = ("link", "replace"), [0]
def dying(name):
    real = getattr(os, name)
    def call(*arguments, **options):
        if count[0] == {at}:
            os._exit(9)
        count[0] += 1
        return real(*arguments, **options)
    return call
made = captions()
for name in names:
    setattr(os, name, dying(name))
write_captions(made, Path({str(path)!r}), overwrite=True)
"""
    process = subprocess.run([sys.executable, "-c", script], check=False)
    assert process.returncode == 9
    if path.exists():
        bare = untag(path, path.read_bytes(), needs_record=True)
        assert bare.data == PLAIN
        assert bare.removed == 45
        assert bare.warnings == ()
    else:
        assert not replaced
    # The same again makes the rest, also without leave to replace what is finished.
    write_captions(captions(), path, overwrite=path.exists())
    assert path.read_bytes() == captions().data
    assert untag(path, path.read_bytes(), needs_record=True).data == PLAIN
    assert litter(tmp_path) == []


def failing(at: int) -> Callable[..., None]:
    count = [0]
    real = files.place

    def place(*arguments: Any, **options: Any) -> None:
        count[0] += 1
        if count[0] == at:
            raise OSError(5, "Input/output error")
        real(*arguments, **options)

    return place


@pytest.mark.parametrize("replaced", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_rename_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, replaced: bool
) -> None:
    path = tmp_path / "film.srt"
    if replaced:
        write_captions(captions(Emotion.SAD), path)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    monkeypatch.setattr("subemo.captions.writing.place", failing(at))
    with pytest.raises(OutputError, match="Input/output error"):
        write_captions(captions(), path, overwrite=True)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError, match="already exists"):
        write_captions(captions(), path)
    assert {one.name for one in tmp_path.iterdir()} == {"film.srt"}
    path.unlink()
    record_path(path).write_bytes(b"mine, too")
    with pytest.raises(OutputError, match="already exists"):
        write_captions(captions(), path)
    assert record_path(path).read_bytes() == b"mine, too"


def test_two_at_once_end_in_one_of_the_two(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.captions.test_writing import captions, Emotion, Path, write_captions
made = captions(Emotion[sys.argv[1]])
sys.stdin.readline()
for _ in range(40):
    write_captions(made, Path({str(path)!r}), overwrite=True)
"""
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, name], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name in ("SAD", "ANGRY", "FEAR")
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in both:
        _, complaints = process.communicate()
        assert process.returncode == 0, complaints.decode()
    bare = untag(path, path.read_bytes(), needs_record=True)
    assert bare.data == PLAIN
    assert bare.removed == 45
    assert litter(tmp_path) == []


def test_permissions_are_those_of_the_file_and_of_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    before = os.umask(0o027)
    try:
        write_captions(captions(), path)
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o604)
        write_captions(captions(Emotion.SAD), path, overwrite=True)
        assert path.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(before)
