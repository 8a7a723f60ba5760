"""Sounds between the cues in a sitting: listed, kept, removed and published."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from subemo.analysis.features import weights_for
from subemo.api import load_model
from subemo.core.errors import SettingsError
from subemo.core.sounds import FilmSound, SceneSound, Sound, SoundHeard
from subemo.review.judged import AnalysedFilm
from subemo.review.judged_file import read_judged
from subemo.review.judgements import CueKey, matched
from subemo.review.session import Session
from subemo.tagging.policy import SoundsShown, TagPolicy

from .sitting import Line, heard_film

LINES = [Line("So they say."), Line("That is good."), Line("I see.")]
#: Of the last two the second is too close to the first to be shown again.
HEARD = (
    SoundHeard(5_000, 6_500, Sound.LAUGH, 0.95),
    SoundHeard(15_000, 16_500, Sound.SOB, 0.99),
    SoundHeard(16_900, 18_000, Sound.SOB, 0.98),
    SoundHeard(7_500, 9_000, Sound.LAUGH, 0.05),
)


def sounding_film(folder: Path, video: Path) -> AnalysedFilm:
    policy = TagPolicy(cues_per_tag=1, ms_per_tag=0, sounds=SoundsShown.ALL)
    film = heard_film(folder, video, LINES, policy=policy)
    sounds = weights_for(load_model("subemo-crnn"))
    return replace(film, found=replace(film.found, sounds=sounds, sounds_heard=HEARD))


@pytest.fixture
def session(trailer: tuple[Path, Path], tmp_path: Path) -> Session:
    return Session(sounding_film(tmp_path, trailer[0]), tmp_path / "film.judged.json")


def shown(session: Session) -> list[tuple[FilmSound, int]]:
    return [(cue.sound, cue.start_ms) for cue in session.annotation.sound_cues]


def test_they_are_listed_behind_the_cues(session: Session) -> None:
    cues = session.state()["cues"]
    assert [cue.get("sound") for cue in cues] == [None] * 3 + ["laugh", "sob", "sob"]
    assert [(cue["shown"], cue["check"]) for cue in cues[3:]] == [
        ("[laughs]", True), ("[sobs]", True), ("", False),
    ]  # fmt: skip
    assert session.state()["sounds"] == 2


def test_one_is_removed_and_comes_back(session: Session) -> None:
    told = session.judge({"3": {"heard": None, "shown": "nothing"}})
    assert shown(session) == [(Sound.SOB, 15_000)]
    assert told["cues"][3]["reason"] == "removed by you"
    assert "[laughs]" not in session.annotation.render().decode()
    session.undo()
    assert shown(session) == [(Sound.LAUGH, 5_000), (Sound.SOB, 15_000)]
    assert "[laughs]" in session.annotation.render().decode()


def test_what_a_removed_one_kept_away_is_shown_and_told(session: Session) -> None:
    told = session.judge({"4": {"heard": None, "shown": "nothing"}})
    assert told["moved"] == [5]
    assert shown(session) == [(Sound.LAUGH, 5_000), (Sound.SOB, 16_900)]


def test_one_that_is_kept_is_certain(session: Session) -> None:
    session.judge({"5": {"heard": None, "shown": "kept"}})
    assert shown(session) == [(Sound.LAUGH, 5_000), (Sound.SOB, 16_900)]
    session.judge({"3": {"heard": None, "shown": "kept"}})
    assert [cue.probability for cue in session.annotation.sound_cues] == [1.0, 1.0]


def test_they_are_on_disk_and_another_sitting_goes_on(session: Session) -> None:
    session.judge({"3": {"heard": None, "shown": "nothing"}})
    (key,) = read_judged(session.path).judgements
    assert key == CueKey(5_000, 6_500, "", sound="laugh")
    again = Session(session.film, session.path)
    assert again.state()["cues"] == session.state()["cues"]
    assert again.state()["unmatched"] == []


def test_a_film_that_is_heard_without_them_keeps_what_was_said(session: Session) -> None:
    session.judge({"3": {"heard": None, "shown": "nothing"}})
    silent = replace(session.film, found=replace(session.film.found, sounds_heard=()))
    again = Session(silent, session.path)
    again.judge({"0": {"heard": "sad"}})
    assert len(read_judged(session.path).judgements) == 2


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("3", {"heard": "sad", "shown": "rules"}),
        ("3", {"heard": None, "shown": "own", "own": "[whispers]"}),
        ("3", {"heard": None, "shown": "nothing", "text": "Ha"}),
        ("0", {"heard": None, "shown": "kept"}),
        ("6", {"heard": None, "shown": "kept"}),
    ],
)
def test_what_cannot_be_said_is_refused(
    session: Session, place: str, said: dict[str, object]
) -> None:
    with pytest.raises(SettingsError):
        session.judge({place: said})
    assert session.judgements == {}


def test_a_sound_is_no_cue_without_words() -> None:
    sound, cue = CueKey(5_000, 6_500, "", sound="laugh"), CueKey(5_000, 6_500, "")
    assert matched([sound], [cue]) == {}
    moved = CueKey(5_100, 6_500, "", sound="laugh")
    assert matched([sound], [cue, moved]) == {sound: moved}


def test_a_file_with_another_sound_is_refused(session: Session) -> None:
    session.judge({"3": {"heard": None, "shown": "nothing"}})
    content = json.loads(session.path.read_bytes())
    content["cues"][0]["sound"] = "birdsong"
    session.path.write_text(json.dumps(content))
    with pytest.raises(SettingsError, match="not a file of judgements"):
        read_judged(session.path)


def test_music_and_sounds_of_the_scene_are_listed_too(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    film = sounding_film(tmp_path, trailer[0])
    between = (
        SoundHeard(20_000, 40_000, SceneSound.MUSIC, 0.9),
        SoundHeard(5_000, 6_500, SceneSound.DOOR, 0.7),
    )
    film = replace(film, found=replace(film.found, sounds_heard=between))
    session = Session(film, tmp_path / "film.judged.json")
    assert [cue["shown"] for cue in session.state()["cues"][3:]] == ["[♪]", "[door]"]
    session.judge({"3": {"heard": None, "shown": "nothing"}})
    assert shown(session) == [(SceneSound.DOOR, 5_000)]
    assert read_judged(session.path).judgements
