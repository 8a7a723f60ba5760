from __future__ import annotations

from pathlib import Path

import pytest

from subemo.captions import FORMATS, read_document
from subemo.errors import SubtitleError


def test_names_are_their_own() -> None:
    assert {name: form.name for name, form in FORMATS.items()} == {"srt": "srt", "json": "json"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this file is empty"),
        (b" \r\n\n", "this file is empty"),
        (b"\x7fELF\x00\x00\x01", "not text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", "this is WebVTT"),
        (b"\xef\xbb\xbf[Script Info]\n", "this is ASS"),
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
    monkeypatch.setattr("subemo.captions._LARGEST", 10)
    path = tmp_path / "subs.srt"
    path.write_bytes(b"x" * 11)
    with pytest.raises(SubtitleError, match="too large"):
        read_document(path)
