"""No output takes the place of an input, of a device or of nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from subemo.cli import main

from ..conftest import speechlike, write_wav

SRT = b"1\n00:00:00,000 --> 00:00:02,000\nHello there.\n"
JUDGED = (
    b'{"subemo_judgements":1,"film":{"name":"f","sha256":"00"},"done":0,"history":[],"cues":[]}'
)


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_wav(tmp_path / "f.wav", speechlike(2))
    (tmp_path / "f.srt").write_bytes(SRT)
    (tmp_path / "j.json").write_bytes(JUDGED)
    (tmp_path / "j.srt.tags.json").write_bytes(JUDGED)
    (tmp_path / "w.toml").write_text('happy = "joyfully"\n')
    (tmp_path / "s.toml").write_text('[colours]\nhappy = "#FFFF00"\n')
    (tmp_path / "c.toml").write_text("min_confidence = 0.5\n")
    return tmp_path


ANNOTATE = ["annotate", "f.wav", "f.srt", "--model", "report-crnn", "--overwrite"]


@pytest.mark.parametrize(
    "arguments",
    [
        [*ANNOTATE, "--judged", "j.json", "-o", "j.json", "--format", "json"],
        [*ANNOTATE, "--judged", "j.srt.tags.json", "-o", "j.srt"],
        [*ANNOTATE, "--judged", "j.json", "--plot", "j.json", "-o", "o.srt"],
        [*ANNOTATE, "--judged", "j.json", "--mux", "j.json", "-o", "o.srt"],
        [*ANNOTATE, "--words", "w.toml", "--language", "xx", "-o", "w.toml", "--format", "srt"],
        [*ANNOTATE, "--style", "s.toml", "-o", "s.toml", "--format", "vtt"],
        [*ANNOTATE, "--config", "c.toml", "-o", "c.toml", "--format", "srt"],
        ["check", "f.srt", "--config", "c.toml", "--csv", "c.toml", "--overwrite"],
        ["strip", "f.srt", "--judged", "j.json", "-o", "j.json", "--overwrite"],
        ["review", "f.wav", "f.srt", "--words", "w.toml", "-o", "w.toml", "--overwrite"],
        ["review", "f.wav", "f.srt", "--judged", "f.srt", "--no-browser"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_whatever_is_named_is_never_written_over(film: Path, arguments: list[str]) -> None:
    before = {path.name: path.read_bytes() for path in film.iterdir()}
    assert main(arguments) != 0
    assert {path.name: path.read_bytes() for path in film.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_no_place_for_captions(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(film / "pipe.srt")
    for arguments in ([*ANNOTATE, "-o", "pipe.srt"],
                      ["convert", "f.srt", "-o", "pipe.srt", "--overwrite"]):  # fmt: skip
        assert main(arguments) == 1
        assert "this is a device or pipe" in capsys.readouterr().err
    assert (film / "pipe.srt").is_fifo()


@pytest.mark.parametrize(
    "arguments",
    [[*ANNOTATE, "-o", ""], ["strip", "", "-o", "x"], ["convert", "f.srt", "-o", ""]],
    ids=lambda arguments: arguments[0],
)
def test_an_empty_name_is_wrong_usage(
    film: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    assert "name" in capsys.readouterr().err


def test_convert_writes_to_standard_output(film: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "subemo", "convert", "f.srt", "-o", "-",
                           "--format", "vtt"], check=True, capture_output=True)  # fmt: skip
    assert done.stdout.startswith(b"WEBVTT") and b"Hello there." in done.stdout
    assert not (film / "-").exists()


def test_convert_makes_captions_alone(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "f.srt", "-o", "x.json"]) == 1
    assert "has no known caption suffix" in capsys.readouterr().err


def test_convert_guesses_no_encoding_that_would_change_words(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Café là-bas. Où êtes-vous ?"
    (film / "fr.srt").write_bytes(SRT.replace(b"Hello there.", text.encode("cp1252")))
    assert main(["convert", "fr.srt", "-o", "fr.vtt"]) == 1
    assert "Name it with --encoding." in capsys.readouterr().err
    assert main(["convert", "fr.srt", "-o", "fr.vtt", "--encoding", "cp1252"]) == 0
    assert text in (film / "fr.vtt").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no UTF-8")
def test_a_name_that_is_no_text(film: Path) -> None:
    name = b"x\xff.vtt"
    done = subprocess.run([sys.executable, "-m", "subemo", "convert", "f.srt", "-o", name],
                          capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (os.fsencode(film) + b"/" + name) and Path(os.fsdecode(name)).is_file()
