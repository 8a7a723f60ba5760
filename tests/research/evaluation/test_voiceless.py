from __future__ import annotations

import json
from pathlib import Path

import pytest

from subemo.cli import main
from subemo.model import DEFAULT_MODEL
from subemo.model.classifier import Classifier
from subemo.research.corpora.backgrounds import read_backgrounds, without_people
from subemo.research.evaluation.voiceless import FalseTags, false_tags
from subemo.tagging.policy import PolicyKind, TagPolicy

from ...conftest import silence, speechlike, write_wav


def test_tags_a_minute_with_their_interval() -> None:
    found = FalseTags("m", "film", 0.5, cues=400, tags=10, by_kind={})
    assert found.per_minute == pytest.approx(0.5)
    low, high = found.interval
    # Garwood's table: 10 events, 4.795 to 18.39.
    assert (low * 20, high * 20) == (pytest.approx(4.795, abs=1e-3), pytest.approx(18.39, abs=1e-2))
    assert FalseTags("m", "film", 0.5, 400, 0, {}).interval == (
        0.0,
        pytest.approx(3.689 / 20, abs=1e-4),
    )
    assert "0.50 false tags a minute" in str(found)


def test_every_cue_of_every_file_is_asked(tmp_path: Path) -> None:
    files = [
        write_wav(tmp_path / "a" / "1.wav", speechlike(10)),
        write_wav(tmp_path / "b" / "2.wav", silence(6)),
    ]
    classifier = Classifier.from_bundle("report-crnn")
    never = false_tags(files, classifier, adaptation=None, policy=TagPolicy(min_confidence=1.0))
    always = false_tags(
        files, classifier, adaptation=None, policy=TagPolicy(policy=PolicyKind.EVERY)
    )
    assert (never.cues, never.tags) == (4, 0)
    assert (always.cues, always.tags) == (4, 4)
    assert always.by_kind == {"a": 4, "b": 0}


def test_the_default_model_is_unsure_of_backgrounds_that_it_never_heard(corpora: Path) -> None:
    _, held_out = read_backgrounds(corpora / "backgrounds")
    found = false_tags(
        without_people(held_out.files),
        Classifier.from_bundle(DEFAULT_MODEL),
        adaptation=None,
        policy=TagPolicy(),
    )
    assert found.cues > 200
    assert found.per_minute < 0.5


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wav(tmp_path / "music" / "sorohanro_-_solo-trumpet-06.wav", speechlike(6))
    write_wav(tmp_path / "music" / "heard.wav", speechlike(6))
    write_wav(tmp_path / "noise" / "002_-_Rain" / "5-1-A.wav", speechlike(5))
    out = tmp_path / "out"
    command = ["evaluate", tmp_path, "--protocol", "voiceless", "--model", "report-crnn", "-o", out]
    assert main(list(map(str, command))) == 0
    assert "false tags a minute" in capsys.readouterr().out
    assert json.loads((out / "results.json").read_text())["cues"] == 4
