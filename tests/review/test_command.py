from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from subemo.cli import main
from subemo.formats.registry import BLOCK_FORMATS
from subemo.media import probe

from ..conftest import run_ffmpeg, write_srt

CUES = [(500, 3_500, "Get out!"), (6_500, 8_500, "</script><b>No")]


def test_one_file_that_asks_for_nothing(film: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(film, tmp_path / "a film #1?.mp4"))
    subs = write_srt(tmp_path / "film.srt", CUES)
    assert main(["review", str(copy), str(subs), "--all", "--page"]) == 0
    page = (tmp_path / "a film #1?.review.html").read_text(encoding="utf-8")
    assert '"media":"a%20film%20%231%3F.mp4"' in page
    assert page.count("</script>") == 2 + len(BLOCK_FORMATS)
    assert "frame-src" not in page and "connect-src" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_adapted_as_the_captions_are(film: Path, tmp_path: Path) -> None:
    subs = write_srt(tmp_path / "film.srt", CUES)
    answers = []
    for adapt in ("none", "film"):
        command = [str(film), str(subs), "--all", "--adapt", adapt]
        assert main(["annotate", *command, "-o", str(tmp_path / f"{adapt}.json")]) == 0
        assert main(["review", *command, "-o", str(tmp_path / f"{adapt}.html")]) == 0
        cues = json.loads((tmp_path / f"{adapt}.json").read_text())["cues"]
        answers.append([list(cue["probabilities"].values()) for cue in cues])
        page = (tmp_path / f"{adapt}.html").read_text(encoding="utf-8")
        data = page.partition('id="data">')[2].partition("</script>")[0]
        shown = [cue["p"] for cue in json.loads(data)["cues"]]
        np.testing.assert_allclose(shown, answers[-1], atol=0.01)
    assert answers[0] != answers[1]


def test_never_over_anything_unasked(film: Path, tmp_path: Path) -> None:
    subs = write_srt(tmp_path / "film.srt", CUES)
    out = tmp_path / "page.html"
    out.write_text("mine")
    assert main(["review", str(film), str(subs), "-o", str(out)]) == 1
    assert out.read_text() == "mine"


def test_a_proxy_that_browsers_play(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = tmp_path / "film.avi"
    run_ffmpeg("-i", film, "-vf", "scale=1280:721", "-c:v", "mpeg4", "-c:a", "pcm_s16le", large)
    subs = write_srt(tmp_path / "film.srt", CUES)
    assert main(["review", str(large), str(subs), "--page"]) == 0
    assert "not all browsers play" in capsys.readouterr().err
    assert main(["review", str(large), str(subs), "--proxy", "--overwrite"]) == 0
    proxy = tmp_path / "film.review.mp4"
    info = probe(proxy)
    assert info.video[0].height == 360
    assert info.video[0].width % 2 == 0
    assert info.audio[0].description.startswith("aac")
    assert '"media":"film.review.mp4"' in (tmp_path / "film.review.html").read_text()
