"""What a newcomer gets: the sample trailer through the command, held against golden files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subemo.cli import main

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("trailer.srt", ["--min-confidence", "0.4"]),
        ("trailer-sure.srt", []),
        ("trailer-all.srt", ["--all"]),
    ],
)
def test_golden_subtitles(
    trailer: tuple[Path, Path], tmp_path: Path, name: str, options: list[str]
) -> None:
    video, subs = trailer
    out = tmp_path / name
    assert main(["annotate", str(video), str(subs), "-o", str(out), *options]) == 0
    assert out.read_bytes() == (GOLDEN / name).read_bytes()


def test_golden_json(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    video, subs = trailer
    out = tmp_path / "trailer.json"
    arguments = ["annotate", str(video), str(subs), "--format", "json", "-o", str(out)]
    arguments += ["--min-confidence", "0.4"]
    assert main(arguments) == 0
    ours, golden = (json.loads(p.read_text()) for p in (out, GOLDEN / "trailer.json"))
    for cue, expected in zip(ours["cues"], golden["cues"], strict=True):
        # Other ffmpegs and processors round in other places.
        assert cue.pop("probabilities") == pytest.approx(expected.pop("probabilities"), abs=0.02)
        for witness in ("voice", "words"):
            assert cue.pop(witness) == pytest.approx(expected.pop(witness), abs=0.02)
        assert cue.pop("vocal") == pytest.approx(expected.pop("vocal"), abs=0.05)
        assert cue.pop("confidence") == pytest.approx(expected.pop("confidence"), abs=0.02)
        cue.pop("detail"), expected.pop("detail")
        assert cue == expected
    for key in ("model", "adaptation", "policy", "time_unit"):
        assert ours[key] == golden[key]


def test_pysrt_reads_what_is_written(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    import pysrt

    video, subs = trailer
    out = tmp_path / "out.srt"
    assert main(["annotate", str(video), str(subs), "-o", str(out), "--all"]) == 0
    tagged, plain = pysrt.open(str(out)), pysrt.open(str(subs))
    assert [(a.start, a.end) for a in tagged] == [(b.start, b.end) for b in plain]
    for one, other in zip(tagged, plain, strict=True):
        tag, _, text = one.text.partition("] ")
        assert tag.startswith("[")
        assert text == other.text


def test_the_makers_own_trailer(media: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.srt"
    video, subs = media / "sintel_trailer-720p.mp4", media / "sintel_trailer.en.srt"
    assert main(["annotate", str(video), str(subs), "-o", str(out), "--all"]) == 0
    assert out.read_text().count("[") == 4


def test_five_quick_cues(media: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    arguments = ["annotate", str(media / "friday.mp4"), str(media / "friday.srt")]
    assert main([*arguments, "--format", "json", "-o", str(out)]) == 0
    cues = json.loads(out.read_text())["cues"]
    assert [cue["start"] for cue in cues] == [0, 1_000, 1_500, 3_000, 4_300]
    assert all(cue["probabilities"] for cue in cues)
