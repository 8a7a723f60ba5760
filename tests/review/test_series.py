"""The judgements of one film as the start of another: a series."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subemo.analysis.film import open_film
from subemo.analysis.options import AnalysisOptions
from subemo.cli import main
from subemo.core.emotions import Emotion
from subemo.core.errors import SettingsError
from subemo.model.decision import LESSON
from subemo.review.judged import AnalysedFilm, analysed_film
from subemo.review.judged_file import VoiceCorrection, parse_judged, read_judged
from subemo.review.judgements import Judgement
from subemo.review.session import Session
from subemo.sources.lookup import read_subtitles
from subemo.tagging.policy import TagPolicy
from subemo.tagging.vocabulary import Wording

from ..conftest import write_srt
from .sitting import Line, heard_film

#: Where the model hears anger, these actors play fear.
LINES = [
    Line(f"Line {number}.", (Emotion.NEUTRAL, Emotion.ANGRY)[number % 2], 0.5)
    for number in range(12)
]
ANGRY = range(1, 11, 2)


@pytest.fixture
def first(trailer: tuple[Path, Path], tmp_path: Path) -> AnalysedFilm:
    return heard_film(tmp_path, trailer[0], LINES)


def analysed_trailer(trailer: tuple[Path, Path], folder: Path) -> tuple[Path, Path, AnalysedFilm]:
    """A copy of the trailer and its subtitles, analysed by the real models."""
    film, subs = (Path(shutil.copy(path, folder)) for path in trailer)
    analysed = analysed_film(
        open_film(film), read_subtitles(subs), model="subemo-crnn", policy=TagPolicy(),
        options=AnalysisOptions(), wording=Wording(),
    )  # fmt: skip
    return film, subs, analysed


def correction(film: AnalysedFilm) -> VoiceCorrection:
    found = film.correction({place: Judgement(Emotion.FEAR) for place in ANGRY})
    assert found is not None
    return found


def untaught(film: AnalysedFilm) -> AnalysedFilm:
    """The film with a correction that says nothing, so that the decision is made as after one."""
    nothing = tuple((0.0,) * LESSON[1] for _ in range(LESSON[0]))
    return replace(film, initial=replace(correction(film), numbers=nothing))


def fear(film: AnalysedFilm, judgements: dict[int, Judgement]) -> float:
    cue = film.annotation(judgements).cues[11]
    assert cue.prediction is not None
    return cue.prediction.by_emotion()["fear"]


def test_the_next_film_begins_with_what_was_learned(first: AnalysedFilm) -> None:
    second = replace(first, initial=correction(first))
    assert fear(second, {}) > 1.5 * fear(untaught(first), {})
    one = {1: Judgement(Emotion.FEAR)}
    assert fear(second, one) > fear(first, one)


def test_its_own_judgements_have_the_last_word(first: AnalysedFilm) -> None:
    second = replace(first, initial=correction(first))
    against = {place: Judgement(Emotion.ANGRY) for place in ANGRY}
    assert fear(second, against) < fear(second, {})
    assert (
        second.annotation(against).cues[1].prediction
        == first.annotation(against).cues[1].prediction
    )


def test_nothing_judged_teaches_nothing(first: AnalysedFilm) -> None:
    assert first.correction({}) is None


def test_a_sitting_keeps_it(first: AnalysedFilm, tmp_path: Path) -> None:
    path = tmp_path / "film.judged.json"
    session = Session(first, path)
    session.judge({str(n): {"heard": "fear", "shown": "rules"} for n in ANGRY})
    kept = read_judged(path)
    assert kept.correction == correction(first)
    assert kept.correction is not None and kept.correction.is_for(first.bundle, None)
    assert not kept.correction.is_for(replace(first.bundle, name="another"), None)
    session.undo()
    assert read_judged(path).correction is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"numbers": []},
        {"numbers": [[0.0] * LESSON[1]] * (LESSON[0] + 1)},
        {"numbers": [[float("nan")] * LESSON[1]] * LESSON[0]},
        {"numbers": [[1e9] * LESSON[1]] * LESSON[0]},
        {"numbers": "x"},
        {"cues": 0},
        {"cues": "many"},
        {"model": None},
        {"witness": 1},
    ],
)
def test_a_file_is_not_trusted(first: AnalysedFilm, tmp_path: Path, wrong: dict[str, Any]) -> None:
    path = tmp_path / "film.judged.json"
    Session(first, path).judge({"0": {"heard": "fear", "shown": "rules"}})
    content = json.loads(path.read_bytes())
    content["lesson"] |= wrong
    with pytest.raises(SettingsError, match="not a file of judgements"):
        parse_judged(json.dumps(content).encode())


def test_the_command_says_what_it_used(
    trailer: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first episode's file, by the real models; the second has other sound and other words."""
    film, _, heard = analysed_trailer(trailer, tmp_path)
    judged = tmp_path / "trailer.judged.json"
    Session(heard, judged).judge({str(n): {"heard": "fear", "shown": "rules"} for n in range(4)})

    next_film, next_subs = tmp_path / "e02.mp4", tmp_path / "e02.srt"
    next_film.write_bytes(film.read_bytes() + b"\0")
    words = "I have been here for a while, and nobody has told me what they want from you."
    write_srt(next_subs, [(13_000, 15_000, words), (37_000, 39_500, f"So {words}")])
    out = tmp_path / "out.srt"
    arguments = ["annotate", str(next_film), str(next_subs), "-o", str(out), "--overwrite"]
    assert main([*arguments, "--judged", str(judged)]) == 0
    said = capsys.readouterr().err
    assert "made for trailer.mp4: what the 4 cues judged there taught" in said

    content = json.loads(judged.read_bytes())
    del content["lesson"]
    judged.write_text(json.dumps(content))
    assert main([*arguments, "--judged", str(judged)]) == 0
    assert "nothing in it helps another film" in capsys.readouterr().err


def test_a_sitting_begins_with_it_and_keeps_it(first: AnalysedFilm, tmp_path: Path) -> None:
    path = tmp_path / "e02.judged.json"
    initial = replace(correction(first), film="e01.mp4")
    session = Session(first, path, initial=initial)
    assert fear(session.film, {}) > 1.5 * fear(untaught(first), {})
    told = session.state()["start"]
    assert told is not None
    assert (told["film"], told["cues"]) == ("e01.mp4", 5)
    assert told["said"] == (
        "This film begins with what 5 cues judged in e01.mp4 taught about its voices."
    )
    session.judge({"0": {"heard": "neutral", "shown": "rules"}})
    assert read_judged(path).initial == initial
    again = Session(first, path)
    assert again.state()["start"] == told
    assert again.state()["cues"] == session.state()["cues"]


def test_a_sitting_does_not_begin_with_what_other_models_learned(
    first: AnalysedFilm, tmp_path: Path
) -> None:
    other = replace(correction(first), model=("another", "00"))
    session = Session(first, tmp_path / "e02.judged.json", initial=replace(other, film="e01.mp4"))
    assert session.state()["start"] is None
    assert fear(session.film, {}) == fear(first, {})


def test_annotate_gives_what_the_studio_shows_in_a_series(
    trailer: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film, subs, heard = analysed_trailer(trailer, tmp_path)
    found = heard.correction({place: Judgement(Emotion.FEAR) for place in range(4)})
    assert found is not None
    judged = tmp_path / "trailer.judged.json"
    session = Session(heard, judged, initial=replace(found, film="e01.mp4"))
    session.judge({"0": {"heard": "fear", "shown": "rules"}})
    out = tmp_path / "out.json"
    arguments = [str(film), str(subs), "--judged", str(judged), "-o", str(out)]
    assert main(["annotate", *arguments]) == 0
    assert "begins with what 4 cues judged in e01.mp4 taught" in capsys.readouterr().err
    written = json.loads(out.read_text())["cues"]
    shown = [cue["p"] for cue in session.state()["cues"]]
    assert [[round(p, 3) for p in cue["probabilities"].values()] for cue in written] == shown
