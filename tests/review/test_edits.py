"""Texts and times that a person changed, in each format: those bytes, and no others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.captions import parse_document
from subemo.cli import main
from subemo.core.emotions import Emotion
from subemo.core.errors import SubtitleError
from subemo.review.edits import Edited, edited, edited_cues, edited_track
from subemo.review.judged_file import parse_judged
from subemo.review.judgements import Judgement, keys_of
from subemo.sources.lookup import SubtitleTrack

SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Get</i>\r\nout!\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nGet out! é\r\n\r\n"
)
VTT = "WEBVTT\n\nNOTE mine\n\n00:01.000 --> 00:02.000 line:0\nGet out!\n\n00:03.000 --> 00:04.000\n00:03\n"
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Get\\Nout!
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,No.
"""
SBV = "0:00:01.000,0:00:02.000\nGet out!\n\n0:00:03.000,0:00:04.000\nNo.\n"


def track_of(text: str, encoding: str = "utf-8") -> SubtitleTrack:
    document = parse_document(text.encode(encoding), path=Path("film.subs"))
    return SubtitleTrack(document, Path("film.subs"), None, "film.subs")


def written(text: str, encoding: str = "utf-8", **judgements: Judgement) -> str:
    by_index = {int(name[1:]): one for name, one in judgements.items()}
    return edited_track(track_of(text, encoding), by_index).document.data.decode(encoding)


def test_nothing_changed_is_the_same_track() -> None:
    track = track_of(SRT)
    assert edited_track(track, {}) is track


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (SRT, "<i>Get</i>\r\nout!", "Go!"),
        (VTT, "line:0\nGet out!", "line:0\nGo!"),
        (ASS, "{\\i1}Get\\Nout!", "Go!"),
        (SBV, "Get out!", "Go!"),
    ],
)
def test_a_text(text: str, old: str, new: str) -> None:
    assert written(text, c0=Judgement(text="Go!")) == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (SRT, "00:00:03,000 --> 00:00:04,000", "00:00:02,960 --> 00:00:04,040"),
        (ASS, "0:00:03.00,0:00:04.00", "0:00:02.96,0:00:04.04"),
        (SBV, "0:00:03.000,0:00:04.000", "0:00:02.960,0:00:04.040"),
        (VTT, "00:03.000 --> 00:04.000", "00:00:02.960 --> 00:00:04.040"),
    ],
)
def test_times(text: str, old: str, new: str) -> None:
    judged = Judgement(start_ms=2_960, end_ms=4_040)
    assert written(text, c1=judged) == text.replace(old, new, 1)


def test_a_text_that_is_a_time_is_not_taken_for_it() -> None:
    assert written(VTT, c1=Judgement(text="Three.")) == VTT.replace("00:03\n", "Three.\n")


def test_lines_end_as_they_did() -> None:
    assert "one\r\ntwo\r\n" in written(SRT, c1=Judgement(text="one\ntwo"))


def test_another_encoding_stays() -> None:
    text = SRT.replace("é", "ä ö ü ß, und noch mehr Wörter für die Erkennung, größer")
    made = written(text, "utf-16", c1=Judgement(text="Schöner"))
    assert "Schöner" in made


def test_a_text_that_would_be_another_cue_is_refused() -> None:
    judged = Judgement(text="3\n00:00:05,000 --> 00:00:06,000\nMore")
    with pytest.raises(SubtitleError):
        written(SRT, c1=judged)


def test_times_that_are_written_otherwise_are_refused() -> None:
    text = SRT.replace("00:00:03,000 --> 00:00:04,000", "00:00:03:000 --> 00:00:04:000")
    with pytest.raises(SubtitleError, match="unsupported way"):
        written(text, c1=Judgement(start_ms=2_000))


def test_cues_without_a_file() -> None:
    cues = track_of(SRT).document.cues
    made = edited_cues(cues, {1: Judgement(text="Go!", end_ms=5_000)})
    assert made[0] == cues[0]
    assert (made[1].text, made[1].start_ms, made[1].end_ms) == ("Go!", 3_000, 5_000)


class TestWhatCannotHold:
    """Edits are judged by what they make of the cues that are there."""

    CUES = (
        "1\n00:00:01,000 --> 00:00:02,000\nGet out!\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\nI will not.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nPlease.\n"
    )

    def edited(self, **judgements: Judgement) -> Edited:
        return self.edited_in(self.CUES, **judgements)

    def edited_in(self, text: str, **judgements: Judgement) -> Edited:
        track = track_of(text)
        by_index = {int(name[1:]): one for name, one in judgements.items()}
        return edited(track.document.cues, track, by_index)

    @pytest.mark.parametrize(
        ("edit", "why"),
        [
            (Judgement(end_ms=2_500), "it would end before it starts"),
            (Judgement(end_ms=3_000), "it would end before it starts"),
            (Judgement(start_ms=4_000), "it would end before it starts"),
            (Judgement(end_ms=3_005), "too short"),
            (Judgement(start_ms=900), "between the cues beside it"),
            (Judgement(start_ms=5_040, end_ms=6_040), "between the cues beside it"),
        ],
    )
    def test_times(self, edit: Judgement, why: str) -> None:
        other = Judgement(end_ms=2_200)
        made = self.edited(c0=other, c1=edit)
        assert made.track is not None
        assert made.track.document.data.decode() == self.CUES.replace("02,000", "02,200")
        assert made.applied == {0: other}
        assert list(made.refused) == [1] and why in made.warnings[0]
        assert "cue 2 at 3.000 s keeps its times" in made.warnings[0]

    def test_a_text_beside_times_that_cannot_hold_is_applied(self) -> None:
        made = self.edited(c1=Judgement(text="I won't.", end_ms=2_000))
        assert (made.cues[1].text, made.cues[1].end_ms) == ("I won't.", 4_000)
        assert made.applied == {1: Judgement(text="I won't.")}

    def test_cues_that_move_together_do(self) -> None:
        both = {f"c{i}": Judgement(start_ms=s, end_ms=s + 500) for i, s in ((0, 3_500), (1, 4_500))}
        assert self.edited(**both).refused == {}
        alone = self.edited(c0=both["c0"])
        assert list(alone.refused) == [0]

    def test_what_a_file_cannot_hold_leaves_the_rest(self) -> None:
        text = self.CUES.replace("00:00:03,000 --> 00:00:04,000", "00:00:03:000 --> 00:00:04:000")
        other = Judgement(text="Go!")
        nested = "3\n00:00:05,000 --> 00:00:06,000\nMore"
        made = self.edited_in(text, c0=other, c1=Judgement(end_ms=4_200), c2=Judgement(text=nested))
        assert made.applied == {0: other}
        assert "unsupported way" in made.warnings[0]
        assert "cue 3 at 5.000 s keeps its text" in made.warnings[1]

    def test_a_cue_that_ended_before_it_starts_stays_as_it_is(self) -> None:
        text = self.CUES.replace("--> 00:00:04,000", "--> 00:00:02,500")
        made = self.edited_in(text, c1=Judgement(start_ms=2_960, end_ms=None))
        assert (made.cues[1].start_ms, made.cues[1].end_ms) == (3_000, 2_500)


def content_of_file(cues: Sequence[Mapping[str, Any]], history: object = ()) -> bytes:
    film = {"name": "film.mp4", "sha256": "0"}
    content = {"subemo_judgements": 1, "film": film, "done": 0, "history": history, "cues": cues}
    return json.dumps(content).encode()


def test_a_text_is_for_the_words_that_it_corrects() -> None:
    """In another version of the subtitles it is left out, and kept for the version that it was made for."""
    key = {"start": 1_000, "end": 2_000, "words": "Get out of here, now!"}
    edit = {"heard": "angry", "text": "Get out of here!"}
    change = {"cue": key, "before": None, "after": edit}
    file = parse_judged(content_of_file([{**key, **edit}], [[change]]))
    old = "1\n00:00:01,000 --> 00:00:02,000\nGet out of here, now!\n"
    for words, text in (
        ("Get out of here, NOW.", "Get out of here!"),
        ("Get out of my house, now!", "Get out of my house, now!"),
    ):
        track = track_of(old.replace("Get out of here, now!", words))
        keys = keys_of(track.document.cues, "srt")
        fitted = parse_judged(file.fitted(keys).to_bytes())
        for judged in (fitted, fitted.redone(), fitted.redone().undone().redone()):
            judgements = {0: judged.judgements[keys[0]]}
            made = edited(track.document.cues, track, judgements)
            assert made.cues[0].text == text and judgements[0].heard is Emotion.ANGRY
            assert bool(made.refused) == (text == words)
        again = fitted.fitted(keys_of(track_of(old).document.cues, "srt"))
        assert edited(track_of(old).document.cues, track_of(old), {
            0: next(iter(again.judgements.values()))
        }).cues[0].text == "Get out of here!"  # fmt: skip


TIMES = st.integers(0, 9_000).map(lambda one: one * 10)
WORDS = st.sampled_from(["No.", "no", "Get out!", "Get out now!", "I will not.", "…"])
EDITS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "heard": st.sampled_from(["sad", "angry", None]),
        "text": WORDS,
        "new_start": TIMES,
        "new_end": TIMES,
        "text_for": WORDS,
    },
).filter(lambda edit: "text" in edit or "text_for" not in edit)


@st.composite
def films(draw: st.DrawFn) -> tuple[str, bytes]:
    """Subtitles, and judgements of another version of them, most of whose cues can be found again."""
    form = draw(st.sampled_from(["srt", "ass", "sbv"]))
    cues = draw(st.lists(st.tuples(TIMES, st.integers(-50, 300), WORDS), min_size=1, max_size=6))
    judged = []
    for start, length, words in cues:
        shift = draw(st.integers(-2_500, 2_500))
        edit = draw(EDITS)
        if {"new_start", "new_end"} <= edit.keys() and edit["new_start"] >= edit["new_end"]:
            del edit["new_end"]
        at = max(0, start + shift)
        other = draw(st.sampled_from([words, words, "Get out of here!"]))
        judged.append({"start": at, "end": max(0, at + 10 * length), "words": other, **edit})
    times = [(start, max(0, start + 10 * length), words) for start, length, words in cues]
    return _file(form, times), content_of_file(judged)


def _file(form: str, cues: list[tuple[int, int, str]]) -> str:
    if form == "ass":
        head = ASS.partition("Dialogue")[0]
        lines = (
            f"Dialogue: 0,{_clock(start)[1:11]},{_clock(end)[1:11]},Default,,0,0,0,,{words}\n"
            for start, end, words in cues
        )
        return head + "".join(lines)
    if form == "sbv":
        return "\n".join(f"{_clock(s)[1:]},{_clock(e)[1:]}\n{words}\n" for s, e, words in cues)
    comma = [(i, _clock(s).replace(".", ","), _clock(e).replace(".", ","), w)
             for i, (s, e, w) in enumerate(cues, start=1)]  # fmt: skip
    return "\n".join(f"{i}\n{start} --> {end}\n{words}\n" for i, start, end, words in comma)


def _clock(ms: int) -> str:
    return f"00:{ms // 60_000:02}:{ms // 1_000 % 60:02}.{ms % 1_000:03}"


@given(films())
def test_whatever_was_judged_the_cues_stay_cues(film: tuple[str, bytes]) -> None:
    text, judged = film
    track = track_of(text)
    before, form = track.document.cues, track.document.form
    places = {key: index for index, key in enumerate(keys_of(before, form))}
    fitted = parse_judged(judged).fitted(list(places))
    judgements = {places[key]: one for key, one in fitted.judgements.items() if key in places}
    made = edited(before, track, judgements)
    assert made.track is not None
    after = parse_document(made.track.document.data, path=Path("film.subs")).cues
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        is_as_it_was = (new.start_ms, new.end_ms) == (old.start_ms, old.end_ms)
        assert is_as_it_was or new.start_ms < new.end_ms
        edit = judgements.get(old.index)
        if new.text != old.text:
            assert edit is not None and new.text == edit.text
    shown = [sorted(cues, key=lambda cue: cue.start_ms) for cues in (before, after)]
    assert [cue.index for cue in shown[0]] == [cue.index for cue in shown[1]]


def test_annotate_keeps_a_cue_that_an_edit_would_end_before_it_starts(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "1\n00:00:00,500 --> 00:00:03,500\nGet out!\n\n2\n00:00:06,500 --> 00:00:08,500\nNo\n"
    subs, judged, out = (tmp_path / name for name in ("v2.srt", "v1.json", "out.vtt"))
    subs.write_text(text)
    first = {"start": 0, "end": 3_000, "words": "Get out!", "heard": "sad", "new_end": 400}
    second = {"start": 6_000, "end": 8_000, "words": "No", "new_end": 8_600}
    judged.write_bytes(content_of_file([first, second]))
    arguments = ["annotate", str(film), str(subs), "--judged", str(judged), "-o", str(out)]
    assert main([*arguments, "--policy", "every"]) == 0
    written = out.read_text()
    assert "00:00:00.500 --> 00:00:03.500" in written
    assert "00:00:06.500 --> 00:00:08.600" in written and "[sadly]" in written
    assert "a person judged 1 cue and changed 1 time" in written
    said = capsys.readouterr().err
    assert said.count("warning: cue") == 1
    assert "cue 1 at 0.500 s keeps its times and not the judged 0.500 to 0.400 s" in said
