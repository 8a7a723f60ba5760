from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from subemo.core.emotions import Emotion
from subemo.core.errors import SettingsError, SubemoError
from subemo.review.judged_file import read_judged
from subemo.review.session import Session

from .sitting import heard_film, srt_of
from .test_judged import LINES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "film.judged.json"


@pytest.fixture
def session(trailer: tuple[Path, Path], tmp_path: Path, path: Path) -> Session:
    return Session(heard_film(tmp_path, trailer[0], LINES), path)


def test_every_change_is_on_disk_before_it_is_told(session: Session, path: Path) -> None:
    told = session.judge({"1": {"heard": "sad"}})
    assert [one.heard for one in read_judged(path).judgements.values()] == [Emotion.SAD]
    assert told["touched"] == [1] and told["moved"] == [2]
    assert told["cues"][1]["shown"] == "[sadly]"
    assert told["cues"][2]["reason"] == "the same tag is still in force"


def test_another_sitting_goes_on(session: Session, path: Path) -> None:
    session.judge({"1": {"heard": "sad"}})
    session.judge({"2": {"shown": "nothing"}, "3": {"heard": "fear"}})
    again = Session(session.film, path)
    assert again.judgements == session.judgements
    assert again.state()["cues"] == session.state()["cues"]
    assert again.undo()["touched"] == [2, 3]
    assert list(again.judgements) == [1]
    assert list(again.redo()["cues"])


def test_it_survives_another_version_of_the_subtitles(session: Session, path: Path) -> None:
    session.judge({"1": {"heard": "sad"}, "4": {"heard": "fear"}})
    lines = [*LINES[:4], *LINES[5:]]
    folder = path.parent
    srt_of(folder, lines)
    again = Session(heard_film(folder, folder / "film.mp4", lines), path)
    assert {i: one.heard for i, one in again.judgements.items()} == {1: Emotion.SAD}
    assert [one["said"] for one in again.state()["unmatched"]] == ["heard fear"]
    again.judge({"0": {"heard": "happy"}})
    assert len(read_judged(path).judgements) == 3, "what fits no cue is kept"


def test_two_sittings_at_once_lose_nothing(session: Session, path: Path) -> None:
    other = Session(session.film, path)
    session.judge({"1": {"heard": "sad"}})
    other.judge({"2": {"heard": "fear"}})
    session.judge({"3": {"heard": "happy"}})
    assert sorted(session.judgements) == [1, 2, 3]
    assert len(read_judged(path).judgements) == 3


@pytest.mark.parametrize(
    "changes",
    [None, {}, {"99": None}, {"-1": None}, {"x": None}, {"0": {"heard": "x"}}, {"0": 5},
     {"0": {"text": "3\n00:00:01,000 --> 00:00:02,000\nx"}}, {"1": {"new_end": 9_000}},
     {"1": {"new_start": 20_001}}, {"0": {"heard": "sad"}, "1": {"new_start": 30_000, "new_end": 31_000}}],
)  # fmt: skip
def test_what_cannot_be_changes_nothing(session: Session, path: Path, changes: object) -> None:
    with pytest.raises(SubemoError):
        session.judge(changes)  # type: ignore[arg-type]
    assert not path.exists() and session.judgements == {}


def test_a_full_disk_changes_nothing(
    session: Session, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    session.judge({"1": {"heard": "sad"}})
    before = path.read_bytes()
    monkeypatch.setattr("subemo.review.judged_file.write_atomically", fail)
    with pytest.raises(OSError, match="No space"):
        session.judge({"2": {"heard": "sad"}})
    assert path.read_bytes() == before and list(session.judgements) == [1]


def test_another_film_is_told(session: Session, path: Path) -> None:
    session.judge({"1": {"heard": "sad"}})
    content = json.loads(path.read_text())
    content["film"]["sha256"] = "0" * 64
    path.write_text(json.dumps(content))
    assert Session(session.film, path).is_of_another_film


def test_what_is_no_judgement_file_is_not_written_over(session: Session, path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(SettingsError):
        Session(session.film, path)
    with pytest.raises(SettingsError):
        session.judge({"1": {"heard": "sad"}})
    assert path.read_text() == "mine"


def test_what_is_told_of_a_judgement_is_the_whole_state(session: Session) -> None:
    """Of cues that show what they showed, only what is different is told."""
    known = [dict(cue) for cue in session.state()["cues"]]
    told: Mapping[int, Mapping[str, object]] = {}
    for place, heard in (("1", "angry"), ("2", "sad"), ("1", None)):
        told = session.judge({place: heard and {"heard": heard, "shown": "rules"}})["cues"]
        for index, patch in told.items():
            known[index].update(patch)
        assert known == session.state()["cues"]
    assert any(len(patch) < len(known[0]) for patch in told.values())


def test_an_edit_of_another_version_keeps_nobody_from_judging(session: Session, path: Path) -> None:
    """Where it cannot hold it is told and left out, and the cue can be judged, undone and edited anew."""
    session.judge({"1": {"new_end": 10_900}, "2": {"heard": "sad", "new_end": 22_000}})
    content = json.loads(path.read_text())
    for cue in content["cues"]:
        cue["start"] += 1_500
        cue["end"] += 1_500
        cue["new_end"] -= 9_000 if cue["new_end"] < 20_000 else 0
    path.write_text(json.dumps(content))
    again = Session(session.film, path)
    assert [cue.cue.end_ms for cue in again.annotation.cues[1:3]] == [13_000, 22_000]
    told = "cue 2 at 10.000 s keeps its times and not the judged 10.000 to 1.900 s"
    assert [told in warning for warning in again.annotation.warnings] == [True]
    assert again.annotation.review == "a person judged 1 cue and changed 1 time"
    kept = again.state()["cues"][1]["judged"]
    assert kept is not None
    again.judge({"1": {**kept, "heard": "angry"}})
    assert again.judgements[1].heard is Emotion.ANGRY
    with pytest.raises(SubemoError, match="keeps its times"):
        again.judge({"1": {**kept, "new_end": 1_800}})
    again.undo()
    again.judge({"1": {**kept, "new_end": 12_000}})
    assert again.annotation.cues[1].cue.end_ms == 12_000 and not again.annotation.warnings


def test_an_edit_that_would_undo_another_is_refused(session: Session) -> None:
    session.judge({"2": {"new_start": 29_500, "new_end": 29_900}})
    with pytest.raises(SubemoError, match=r"cue 3 at 20\.000 s keeps its times"):
        session.judge({"3": {"new_start": 29_000}})
    session.judge({"3": {"new_start": 29_600}})
    starts = [cue.cue.start_ms for cue in session.annotation.cues[2:4]]
    assert starts == [29_500, 29_600] and not session.annotation.warnings
