from __future__ import annotations

import json
from pathlib import Path

import pytest

from subemo.core.emotions import Emotion
from subemo.core.errors import SettingsError
from subemo.review.judged_file import JudgedFile, judgement_of, parse_judged, read_judged
from subemo.review.judgements import CueKey, Judgement, Shown, matched, own_tags, summary_of

ONE, TWO = CueKey(1_000, 2_000, "Get out!"), CueKey(3_000, 4_000, "I will not.")
SAD, ANGRY = Judgement(Emotion.SAD), Judgement(Emotion.ANGRY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"shown": Shown.OWN},
        {"own": "[whispers]"},
        {"shown": Shown.OWN, "own": "whispers"},
        {"shown": Shown.OWN, "own": "[]"},
        {"shown": Shown.OWN, "own": "[a\nb]"},
        {"shown": Shown.OWN, "own": "[<b>]"},
        {"shown": Shown.OWN, "own": "[{\\an8}]"},
        {"shown": Shown.OWN, "own": "[a] I did NOT [b]"},
        {"shown": Shown.OWN, "own": f"[{'a' * 41}]"},
        {"shown": Shown.TAG},
        {"text": ""},
        {"text": "one\n\ntwo"},
        {"text": "a\x00b"},
        {"text": "x" * 2_001},
        {"start_ms": -1},
        {"start_ms": 2_000, "end_ms": 2_000},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Judgement(**wrong)  # type: ignore[arg-type]


def test_found_again_in_another_version_of_the_subtitles() -> None:
    later = CueKey(2_500, 3_500, "Get out!")  # a second and a half later
    mended = CueKey(3_100, 4_100, "I will not go.")
    assert matched([ONE, TWO], [later, mended]) == {ONE: later, TWO: mended}


def test_no_judgement_for_another_cue() -> None:
    other = CueKey(1_000, 2_000, "Where were you yesterday?")
    far = CueKey(9_000, 10_000, "Get out!")
    assert matched([ONE], [other, far]) == {}


def test_the_same_words_twice_are_two_cues() -> None:
    again = CueKey(1_900, 2_800, "Get out!")
    assert matched([ONE, again], [again, ONE]) == {ONE: ONE, again: again}
    assert matched([ONE, again], [ONE]) == {ONE: ONE}


def test_steps() -> None:
    empty = JudgedFile("film.mp4", "00")
    both = empty.with_step({ONE: SAD}).with_step({ONE: ANGRY, TWO: SAD})
    assert both.judgements == {ONE: ANGRY, TWO: SAD}
    assert both.undone().judgements == {ONE: SAD}
    assert both.undone().undone().judgements == {}
    assert both.undone().undone().undone() == both.undone().undone()
    assert both.undone().redone() == both
    assert both.redone() == both
    other = both.undone().with_step({TWO: ANGRY})
    assert other.judgements == {ONE: SAD, TWO: ANGRY} and other.redone() == other
    assert both.with_step({ONE: ANGRY}) is both
    assert both.with_step({ONE: None}).judgements == {TWO: SAD}


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    own = Judgement(Emotion.FEAR, Shown.OWN, "[whispers]", "Go.\nNow!", 900, 2_100)
    file = JudgedFile("film.mp4", "00").with_step({ONE: own, TWO: SAD}).with_step({TWO: None})
    file.write(tmp_path / "film.judged.json")
    assert read_judged(tmp_path / "film.judged.json") == file
    assert own_tags(file.judgements.values()) == {"[whispers]"}


def test_judgements_that_fit_no_cue_are_kept() -> None:
    file = JudgedFile("film.mp4", "00").with_step({ONE: SAD, TWO: ANGRY})
    later = CueKey(1_500, 2_500, "Get out!")
    fitted = file.fitted([later])
    assert fitted.judgements == {later: SAD, TWO: ANGRY}
    assert fitted.undone().judgements == {}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b"null", b'{"subemo_judgements": 2}', b"[" * 100_000,
        json.dumps({"subemo_judgements": 1, "film": {"name": "a", "sha256": ""}, "done": 1,
                    "history": [], "cues": []}).encode(),
        json.dumps({"subemo_judgements": 1, "film": {"name": "a", "sha256": ""}, "done": 0,
                    "history": [], "cues": [{"start": "1", "end": 2, "words": "a"}]}).encode(),
        json.dumps({"subemo_judgements": 1, "film": {"name": "a", "sha256": ""}, "done": 0,
                    "history": [], "cues": [{"start": 1, "end": 2, "words": "a",
                                             "shown": "own", "own": "</script>"}]}).encode(),
        *(json.dumps({"subemo_judgements": 1, "film": {"name": "a", "sha256": ""}, "done": 0, "history": [],
                      "cues": [{"start": 1, "end": 2, "words": "", **of_another_kind}]}).encode()
          for of_another_kind in ({"sound": "laugh", "heard": "sad"}, {"sound": "laugh", "new_end": 5},
                                  {"shown": "kept"}, {"text_for": "a"})),
    ],
)  # fmt: skip
def test_what_is_no_file_of_judgements_is_refused(data: bytes) -> None:
    with pytest.raises(SettingsError):
        parse_judged(data)


@pytest.mark.parametrize(
    "content", ["sad", {"heard": "furious"}, {"shown": 1}, {"text": 1}, {"new_start": 1.5}, []]
)
def test_what_a_page_sends_is_checked(content: object) -> None:
    with pytest.raises(SettingsError):
        judgement_of(content)


def test_summary() -> None:
    assert summary_of([], []) == ""
    edit = Judgement(text="Hi")
    assert summary_of([SAD, edit], [edit]) == "a person judged 1 cue and changed 1 text"
    assert summary_of([SAD, ANGRY, edit], []) == "a person judged 2 cues"
