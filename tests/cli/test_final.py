"""mux, burn and convert: captions that are final, and no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subemo.captions import parse_document
from subemo.cli import main
from subemo.media import extract_subtitles, probe

from ..conftest import write_srt

CUES = [(500, 3_500, "[whispers] Get out!"), (6_500, 8_500, "[sadly] No.")]


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    return write_srt(tmp_path / "film.emo.srt", CUES)


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a model was asked")

    monkeypatch.setattr("subemo.api.load_model", fail)
    monkeypatch.setattr("subemo.analysis.analyse.analyse", fail)


def texts(data: bytes) -> list[str]:
    return [cue.text for cue in parse_document(data, path=Path("x")).cues]


def test_mux(trailer: tuple[Path, Path], captions: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.mkv"
    assert main(["mux", str(trailer[0]), str(captions), "-o", str(out), "--language", "de"]) == 0
    (track,) = probe(out).subtitles
    assert track.language == "ger" or track.language == "deu"
    assert texts(extract_subtitles(out, track, muxer="srt")) == [text for _, _, text in CUES]
    assert main(["mux", str(trailer[0]), str(captions), "-o", str(out)]) == 1


def test_burn(trailer: tuple[Path, Path], captions: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    assert main(["burn", str(trailer[0]), str(captions), "-o", str(out)]) == 0
    assert probe(out).video and not probe(out).subtitles


def test_convert(captions: Path, tmp_path: Path) -> None:
    for name in ("a.vtt", "a.ass", "a.sbv", "a.srt"):
        out = tmp_path / name
        assert main(["convert", str(captions), "-o", str(out)]) == 0
        assert [text.strip() for text in texts(out.read_bytes())] == [t for *_, t in CUES]
    assert (tmp_path / "a.srt").read_bytes() == captions.read_bytes()
    assert "no model was used" in (tmp_path / "a.vtt").read_text()
    assert main(["convert", str(captions), "-o", str(tmp_path / "a.xyz")]) == 1
    assert main(["convert", str(captions), "-o", str(captions), "--overwrite"]) == 1


def test_a_record_is_of_no_tags(captions: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.srt"
    assert main(["convert", str(captions), "-o", str(out)]) == 0
    assert json.loads((tmp_path / "a.srt.tags.json").read_text())["changes"] == []


def test_annotate_and_strip_with_judgements(
    trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cue = {"start": 18_500, "end": 20_500, "words": "I'm searching for someone."}
    content = {"subemo_judgements": 1, "film": {"name": "trailer.mp4", "sha256": ""}, "done": 0,
               "history": [], "cues": [{**cue, "shown": "own", "own": "[whispers]"},
                                       {"start": 1, "end": 2, "words": "gone", "heard": "sad"}]}  # fmt: skip
    judged = tmp_path / "film.judged.json"
    judged.write_text(json.dumps(content))
    out, bare = tmp_path / "film.emo.srt", tmp_path / "film.srt"
    of_film = [*map(str, trailer), "--judged", str(judged)]
    assert main(["annotate", *of_film, "-o", str(out)]) == 0
    assert "[whispers] I'm searching" in out.read_text()
    assert main(["strip", str(out), "-o", str(bare)]) == 0
    assert bare.read_bytes() == trailer[1].read_bytes()
    judged.write_text("{}")
    assert main(["annotate", *of_film, "-o", str(tmp_path / "b.srt")]) == 1
