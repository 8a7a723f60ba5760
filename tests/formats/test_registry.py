from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import subemo
from subemo.captions import read_document
from subemo.core.errors import SubtitleError
from subemo.formats import FORMATS, READERS, reader_of
from subemo.formats.registry import (
    BLOCK_FORMATS,
    BY_SUFFIX,
    COLOURED,
    READ_SUFFIXES,
    RECORDED,
    TRACK_CODECS,
)


def test_names_are_their_own() -> None:
    assert list(FORMATS) == ["srt", "vtt", "ass", "sbv", "mpl2", "lrc", "json", "tsv", "ttml"]
    assert all(form.name == name for name, form in FORMATS.items())
    assert {reader.name for reader in READERS} == {"srt", "ass", "vtt", "sbv", "mpl2", "lrc"}


def test_what_each_can_do() -> None:
    assert {"srt", "sbv", "mpl2", "lrc"} == RECORDED
    assert {"vtt", "ass", "ttml"} == COLOURED
    assert READ_SUFFIXES == (".srt", ".vtt", ".ass", ".ssa", ".sbv", ".mpl2", ".mpl", ".lrc")
    assert BLOCK_FORMATS == ("srt", "vtt", "ass", "sbv", "mpl2", "lrc", "ttml")
    assert BY_SUFFIX[".ssa"] == "ass"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this file is empty"),
        (b" \r\n\n", "this file is empty"),
        (b"\x7fELF\x00\x00\x01", "not a text file"),
        (b"WEBVTT\n\nNOTE nothing\n", "no subtitles found in this file"),
        (b"\xef\xbb\xbf[Script Info]\n", "no subtitles found in this file"),
        (b'<?xml version="1.0"?><tt/>', "this is XML"),
        (b'{"cues": []}', "this is JSON"),
        (b"just words\n", "no subtitles found in this file"),
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
    monkeypatch.setattr("subemo.captions.reading._LARGEST", 10)
    path = tmp_path / "subs.srt"
    path.write_bytes(b"x" * 11)
    with pytest.raises(SubtitleError, match="larger than 10 bytes"):
        read_document(path)


#: Where the same words are names that ffmpeg or webvtt-py has.
FOREIGN_NAMES = {
    "probing.py", "films.py", "readback.py", "times.py",
    "machine.py",
}  # fmt: skip


def test_a_format_is_named_in_its_own_file_alone() -> None:
    package = Path(subemo.__file__).parent
    for reader in READERS:
        own = {Path(inspect.getfile(type(reader))).name, "registry.py"}
        naming = {
            path.name
            for path in package.rglob("*.py")
            # An example may name what it shows.
            if any(
                f'"{reader.name}"' in line
                for line in path.read_text(encoding="utf-8").splitlines()
                if not line.lstrip().startswith((">>>", "..."))
            )
        }
        assert naming - own <= FOREIGN_NAMES, reader.name


def test_the_first_lines_tell_the_format() -> None:
    for form, lines in {
        "sbv": b"\xef\xbb\xbf\r\nby hand\r\n0:00:01.000,0:00:02.000\r\n[1][2]x\r\n00:00 --> x\r\n",
        "mpl2": b"[10][20]0:00:01.000,0:00:02.000\n",
        "srt": b"[x][2]\n1\n00:00:01,000 --> 00:00:02,000\n[1][2]x\n0:00:01.000,0:00:02.000\n",
        "vtt": b"WEBVTT\n\nNOTE\n[1][2]x\n\n00:01.000 --> 00:02.000\nHi\n",
    }.items():
        assert reader_of(lines).name == form
        for encoding in ("utf-16-le", "utf-16-be", "utf-16"):
            wide = lines.removeprefix(b"\xef\xbb\xbf").decode().encode(encoding)
            # WebVTT is UTF-8 or says what it is by a mark.
            assert reader_of(wide).name == form or (form, encoding[-3:]) in (
                ("vtt", "-le"),
                ("vtt", "-be"),
            )


def test_the_most_lines_of_times_decide() -> None:
    lines = b"0:00:01.000,0:00:02.000\n" + b"[1][2]x\n" * 3
    assert reader_of(lines).name == "mpl2"
    assert reader_of(b"Hello\n").name == "srt"


def test_tracks_that_films_carry_are_read_as_files_of_a_format() -> None:
    read = {name: (form.muxer, codec.as_file) for name, (form, codec) in TRACK_CODECS.items()}
    assert read == {
        "subrip": ("srt", "copy"),
        "srt": ("srt", "srt"),
        "text": ("srt", "srt"),
        "mov_text": ("srt", "srt"),
        "ass": ("ass", "copy"),
        "ssa": ("ass", "copy"),
        "webvtt": ("webvtt", "copy"),
    }
    films = {name: set(codec.films) for name, (_, codec) in TRACK_CODECS.items()}
    assert {name for name, kinds in films.items() if "mp4" in kinds} == {"mov_text"}
    assert {name for name, kinds in films.items() if "webm" in kinds} == {"webvtt"}
    assert films["text"] == set()
