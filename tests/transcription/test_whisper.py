from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from subemo.cli import main
from subemo.core.errors import BundleError
from subemo.transcription.whisper import Transcriber, together


def test_captions_out_of_a_bare_video(
    trailer: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = Path(shutil.copy(trailer[0], tmp_path / "film.mp4"))
    out = tmp_path / "film.json"
    assert main(["annotate", str(film), "-o", str(out)]) == 0
    content = json.loads(out.read_text())
    said = " ".join(cue["text"] for cue in content["cues"]).replace("\n", " ").lower()
    for words in ("what brings you", "gatekeepers", "searching for someone", "dangerous quest",
                  "been alone for as long as i can remember"):  # fmt: skip
        assert words in said
    assert content["transcribed_by"] == "Whisper tiny.en"
    for cue in content["cues"]:
        lines = cue["text"].split("\n")
        assert len(lines) <= 2
        assert max(map(len, lines)) <= 42
        assert cue["end"] - cue["start"] <= 7_000
    printed = capsys.readouterr()
    assert "the words are a machine's (Whisper tiny.en)" in printed.err
    assert "written down by a machine" in printed.out


def test_every_format_says_whose_words_they_are(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    film = Path(shutil.copy(trailer[0], tmp_path / "film.mp4"))
    out = tmp_path / "film.vtt"
    assert main(["annotate", str(film), "-o", str(out)]) == 0
    assert "words written down by a machine (Whisper tiny.en)" in out.read_text()


def test_the_tag_alone(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "film.srt"
    options = ["--subs", "none", "--no-transcribe", "--all", "-o", str(out)]
    assert main(["annotate", str(trailer[0]), *options]) == 0
    blocks = out.read_text().strip().split("\n\n")
    assert len(blocks) >= 4
    for block in blocks:
        assert block.split("\n")[2:] == [block.split("\n")[2]]
        assert block.split("\n")[2].startswith("[")


def test_no_such_model(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"tokenizer\.json"):
        Transcriber(tmp_path)
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(BundleError, match="Whisper model that works"):
        Transcriber(tmp_path)


def test_a_language_that_it_does_not_know(
    trailer: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = Path(shutil.copy(trailer[0], tmp_path / "film.mp4"))
    assert main(["annotate", str(film), "--language", "de"]) == 1
    assert "does not know the language 'de'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [film]


def test_stretches_that_are_heard_together() -> None:
    spans = together([(1_000, 2_000), (3_000, 4_000), (20_000, 90_000)])
    assert [(s.start_ms, s.end_ms) for s in spans[:1]] == [(200, 4_800)]
    assert all(s.end_ms - s.start_ms <= 28_000 for s in spans)
    assert spans[-1].end_ms == 90_800
    assert [s.cue for s in spans] == list(range(len(spans)))
