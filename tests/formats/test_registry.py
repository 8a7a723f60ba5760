from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.errors import SubtitleError
from subemo.formats import FORMATS, READERS, read_document
from subemo.formats.registry import BLOCK_FORMATS, BY_SUFFIX, COLOURED, READ_SUFFIXES, RECORDED


def test_names_are_their_own() -> None:
    assert list(FORMATS) == ["srt", "vtt", "ass", "sbv", "mpl2", "json", "tsv", "ttml"]
    assert all(form.name == name for name, form in FORMATS.items())
    assert {reader.name for reader in READERS} == {"srt", "ass", "vtt", "sbv", "mpl2"}


def test_what_each_can_do() -> None:
    assert {"srt", "sbv", "mpl2"} == RECORDED
    assert {"vtt", "ass", "ttml"} == COLOURED
    assert READ_SUFFIXES == (".srt", ".vtt", ".ass", ".ssa", ".sbv", ".mpl2", ".mpl")
    assert BLOCK_FORMATS == ("srt", "vtt", "ass", "sbv", "mpl2", "ttml")
    assert BY_SUFFIX[".ssa"] == "ass"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this file is empty"),
        (b" \r\n\n", "this file is empty"),
        (b"\x7fELF\x00\x00\x01", "not text"),
        (b"WEBVTT\n\nNOTE nothing\n", "no subtitles in this file"),
        (b"\xef\xbb\xbf[Script Info]\n", "no subtitles in this file"),
        (b'<?xml version="1.0"?><tt/>', "this is XML"),
        (b'{"cues": []}', "this is JSON"),
        (b"just words\n", "no subtitles in this file"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "subs.srt"
    path.write_bytes(data)
    with pytest.raises(SubtitleError, match=message) as caught:
        read_document(path)
    assert caught.value.path == path


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SubtitleError, match="cannot be read"):
        read_document(tmp_path / "none.srt")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subemo.formats.reading._LARGEST", 10)
    path = tmp_path / "subs.srt"
    path.write_bytes(b"x" * 11)
    with pytest.raises(SubtitleError, match="larger than 10 bytes"):
        read_document(path)
