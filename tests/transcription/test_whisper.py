from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from subemo.align.segments import Segment
from subemo.cli import main
from subemo.core.errors import BundleError
from subemo.transcription.weights import BASE
from subemo.transcription.whisper import Transcriber, together
from subemo.transcription.words import Word


@pytest.fixture(scope="module")
def transcripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests here, so that the trailer is transcribed once."""
    return tmp_path_factory.mktemp("transcripts")


@pytest.fixture(autouse=True)
def _one_cache(transcripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(transcripts))


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
    name = Transcriber().name
    assert content["transcribed_by"] == name
    assert content["spoken_language"] in (None, "en")
    for cue in content["cues"]:
        lines = cue["text"].split("\n")
        assert len(lines) <= 2
        assert max(map(len, lines)) <= 42
        assert cue["end"] - cue["start"] <= 7_000
    printed = capsys.readouterr()
    assert f"the text was transcribed by {name}" in printed.err
    assert f"transcribed by {name}" in printed.out


def test_every_format_says_whose_words_they_are(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    film = Path(shutil.copy(trailer[0], tmp_path / "film.mp4"))
    out = tmp_path / "film.vtt"
    assert main(["annotate", str(film), "-o", str(out)]) == 0
    assert f"text transcribed by {Transcriber().name}" in out.read_text()


def test_the_words_are_cached(
    trailer: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    film = Path(shutil.copy(trailer[0], tmp_path / "film.mp4"))
    first, second = tmp_path / "first.srt", tmp_path / "second.srt"
    assert main(["annotate", str(film), "--all", "-o", str(first)]) == 0
    heard = []

    def words(self: Transcriber, segment: Segment, **options: Any) -> Iterator[Word]:
        heard.append(segment.span)
        return iter(())

    monkeypatch.setattr(Transcriber, "words", words)
    assert main(["annotate", str(film), "--all", "-o", str(second)]) == 0
    assert second.read_bytes() == first.read_bytes()
    assert heard == []
    # Of another transcriber they are others.
    monkeypatch.setattr(Transcriber, "identity", ("another",))
    main(["annotate", str(film), "--all", "--overwrite", "-o", str(second)])
    assert heard


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
    with pytest.raises(BundleError, match="usable Whisper model"):
        Transcriber(tmp_path)


@pytest.mark.skipif(BASE.is_installed, reason="the extra multilingual is installed")
def test_a_language_that_it_does_not_know(
    trailer: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = Path(shutil.copy(trailer[0], tmp_path / "film.mp4"))
    assert main(["annotate", str(film), "--language", "de"]) == 1
    message = capsys.readouterr().err
    assert "does not support the language 'de'" in message
    assert "pip install 'subemo[multilingual]'" in message
    assert list(tmp_path.iterdir()) == [film]


def test_stretches_that_are_heard_together() -> None:
    spans = together([(1_000, 2_000), (3_000, 4_000), (20_000, 90_000)])
    assert [(s.start_ms, s.end_ms) for s in spans[:1]] == [(200, 4_800)]
    assert all(s.end_ms - s.start_ms <= 28_000 for s in spans)
    assert spans[-1].end_ms == 90_800
    assert [s.cue for s in spans] == list(range(len(spans)))
