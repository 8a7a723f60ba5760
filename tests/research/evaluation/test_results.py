"""An evaluation's verdict, and two evaluations against each other."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion, Prediction
from subemo.core.errors import CorpusError, SettingsError
from subemo.research.corpora import Clip
from subemo.research.evaluation.clip_answers import ClipAnswers
from subemo.research.evaluation.figures import bootstrap
from subemo.research.evaluation.results import Comparison, Evaluation, disambiguated, folder_of
from subemo.research.evaluation.sets import read_set

from ...conftest import needs, speechlike, write_wav

pytestmark = needs("sklearn")


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """`test_figures` tests how intervals are found."""
    monkeypatch.setattr("subemo.research.evaluation.figures.bootstrap", partial(bootstrap, draws=5))


def evaluation(model: str, answered: list[Emotion], *, broken: int = 0) -> Evaluation:
    """Clips of which the first two are sad and the others angry."""
    clips = tuple(
        Clip(Path(f"{n}.wav"), Emotion.SAD if n < 2 else Emotion.ANGRY, f"s-{n % 2}", None, "x")
        for n in range(len(answered))
    )
    rows = 0.9 * np.eye(8)[[EMOTIONS.index(one) for one in answered]] + 0.1 / 8
    predictions = tuple(map(Prediction.of, rows))
    lost = tuple((clip, "nothing") for clip in clips[:broken])
    return Evaluation.of(
        "set", model, ClipAnswers(clips, (0,) * len(clips), predictions, "none", lost)
    )


def test_what_falls_short_is_told() -> None:
    one = evaluation("m", [Emotion.SAD, Emotion.ANGRY, Emotion.ANGRY, Emotion.ANGRY], broken=1)
    assert one.figures["accuracy"].value == 0.75
    assert one.shortfalls([("accuracy", 0.75)], skip_broken=True) == []
    assert one.shortfalls() == [
        "1 of 5 clips could not be classified (ignore them with `skip_broken=True`)"
    ]
    (line,) = one.shortfalls([("accuracy", 0.8)], skip_broken=True)
    assert line.startswith("m: accuracy is 75.0 %")
    assert line.endswith("below 0.8")
    (line,) = one.shortfalls([("other_accuracy", 0.1)], skip_broken=True)
    assert "not defined here" in line


def test_two_models_on_the_same_clips() -> None:
    right = evaluation("a", [Emotion.SAD, Emotion.SAD, Emotion.ANGRY])
    wrong = evaluation("b", [Emotion.ANGRY, Emotion.ANGRY, Emotion.ANGRY])
    test = Comparison.of(right, wrong)
    assert test.results() == {
        "first": "a", "second": "b", "only_first_right": 2, "only_second_right": 0, "p": 0.5
    }  # fmt: skip
    assert str(test) == "only a right: 2 clips; only b: 0; McNemar's test, p = 0.5"


def test_two_of_one_name_are_told_apart() -> None:
    one = evaluation("m", [Emotion.SAD])
    assert [e.model for e in disambiguated([one], ["m"])] == ["m"]
    both = disambiguated([one, one], ["here/m", "there/m"])
    assert [e.model for e in both] == ["here/m", "there/m"]
    assert [folder_of(n, e) for n, e in enumerate(both, 1)] == ["1-m", "2-m"]


def test_the_trailer_test_asks_for_versions_and_adaptation(tmp_path: Path) -> None:
    for name in ("joy_sad1", "joy_happy1", "joy_odd1"):
        write_wav(tmp_path / f"{name}.wav", speechlike(0.3))
    found = read_set(tmp_path, is_trailer=True, ignore=("odd",))
    assert (found.versions, found.adaptation, found.is_film) == (4, "set", False)
    assert found.name == f"{tmp_path.name}, the 2024 report's trailer test"
    assert found.notes[0] == "1 clips of odd left out (`ignore`)"
    assert any("24 clips" in note for note in found.notes)
    plain = read_set(tmp_path, ignore=("odd",))
    assert (plain.versions, plain.adaptation, plain.name) == (1, None, tmp_path.name)


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    with pytest.raises(SettingsError, match="cannot be combined"):
        read_set(tmp_path / "film.mp4", labels=labels, versions=4)
    with pytest.raises(SettingsError, match="cannot be combined"):
        read_set(tmp_path / "film.mp4", labels=labels, layout="named")
    with pytest.raises(CorpusError):
        read_set(tmp_path)
