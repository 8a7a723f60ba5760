"""Texts and times that a person changed, in each format: those bytes, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.errors import SubtitleError
from subemo.formats import parse_document
from subemo.review.judgements import Judgement
from subemo.review.edits import edited_cues, edited_track
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


def mended(text: str, encoding: str = "utf-8", **judgements: Judgement) -> str:
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
    assert mended(text, c0=Judgement(text="Go!")) == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (SRT, "00:00:03,000 --> 00:00:04,000", "00:00:02,960 --> 00:00:04,040"),
        (ASS, "0:00:03.00,0:00:04.00", "0:00:02.96,0:00:04.04"),
        (SBV, "0:00:03.000,0:00:04.000", "0:00:02.960,0:00:04.040"),
    ],
)
def test_times(text: str, old: str, new: str) -> None:
    judged = Judgement(start_ms=2_960, end_ms=4_040)
    assert mended(text, c1=judged) == text.replace(old, new, 1)


def test_a_text_that_is_a_time_is_not_taken_for_it() -> None:
    assert mended(VTT, c1=Judgement(text="Three.")) == VTT.replace("00:03\n", "Three.\n")


def test_lines_end_as_they_did() -> None:
    assert "one\r\ntwo\r\n" in mended(SRT, c1=Judgement(text="one\ntwo"))


def test_another_encoding_stays() -> None:
    text = SRT.replace("é", "ä ö ü ß, und noch mehr Wörter für die Erkennung, größer")
    made = mended(text, "utf-16", c1=Judgement(text="Schöner"))
    assert "Schöner" in made


def test_a_text_that_would_be_another_cue_is_refused() -> None:
    judged = Judgement(text="3\n00:00:05,000 --> 00:00:06,000\nMore")
    with pytest.raises(SubtitleError):
        mended(SRT, c1=judged)


def test_times_that_are_written_otherwise_are_refused() -> None:
    text = SRT.replace("00:00:03,000 --> 00:00:04,000", "0:0:3,0 --> 0:0:4,0")
    with pytest.raises(SubtitleError, match="unsupported way"):
        mended(text, c1=Judgement(start_ms=2_000))


def test_cues_without_a_file() -> None:
    cues = track_of(SRT).document.cues
    made = edited_cues(cues, {1: Judgement(text="Go!", end_ms=5_000)})
    assert made[0] == cues[0]
    assert (made[1].text, made[1].start_ms, made[1].end_ms) == ("Go!", 3_000, 5_000)
