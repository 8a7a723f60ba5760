"""What a player sees of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from subemo.formats import FORMATS
from subemo.proof.readback import Seen, read_back, read_data

from ..formats.build import annotation
from ..formats.every import READABLE

SRT = "1\n00:00:12,000 --> 00:00:15,500\n{}\n\n2\n00:00:16,000 --> 00:00:17,000\nBye.\n"


def views(text: str, form: str = "srt") -> tuple[tuple[Seen, ...] | None, ...]:
    return read_back(text, form)


def test_markup_is_taken_off_and_times_are_kept() -> None:
    lenient, strict = views(SRT.format("<i>Hello</i> you"))
    assert lenient is not None and strict is not None
    assert lenient[0].plain == Seen(1200, 1550, "Hello you")
    assert lenient[0].words == ("hello", "you")
    assert [seen.start_cs for seen in strict] == [1200, 1600]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_empty_line_ends_a_cue_for_one_of_two_readers(newline: str) -> None:
    text = SRT.format("Hello\n\nyou").replace("\n", newline)
    lenient, strict, thorough = read_back(text, "srt", thorough=True)
    assert lenient is not None and strict is not None and thorough is not None
    assert lenient[0].words == ("hello", "you")
    assert strict[0].words == thorough[0].words == ("hello",)
    # ffmpeg stops at what is malformed, webvtt-py goes on.
    assert len(strict) == 1
    assert thorough[1].words == ("bye",)


def test_webvtt_with_a_note_voices_and_references() -> None:
    (seen,) = views(
        "WEBVTT\n\nNOTE no\n\n00:12.000 --> 00:15.000\n<v Ann>Fish &amp; chips &copy;\n", "vtt"
    )
    assert seen is not None
    assert [one.words for one in seen] == [("fish", "chips")]


def test_substation_without_what_is_drawn() -> None:
    head = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, "
    head += "MarginL, MarginR, MarginV, Effect, Text\n"
    line = "Dialogue: 0,0:00:12.00,0:00:13.00,Default,Ann,0,0,0,,{\\p1}m 0 0{\\p0}Hi, {\\i1}you\n"
    (seen,) = views(head + line, "ass")
    assert seen is not None
    assert [one.words for one in seen] == [("hi", "you")]


def test_what_cannot_be_read_is_nothing() -> None:
    assert views("no subtitles here") == (None, None)
    assert views("no subtitles here", "ass") == (None,)


def test_times_as_words_and_times_beyond_all_films() -> None:
    text = "WEBVTT\n\n00:12.000 --> 00:15.000\nHi\n00:16.000 --> 00:17.000\nyou\n"
    (seen,) = views(text, "vtt")
    assert seen is not None
    assert [word for one in seen for word in one.words] == ["hi", "you"]
    early, late = "00:00:01.000 --> 00:00:02.000\nOh", "100:00:12.000 --> 100:00:15.000\n<i>Hi</i>"
    (far,) = views(f"WEBVTT\n\n{early}\n\n{late}\n", "vtt")
    assert far == (Seen(100, 200, "Oh"), Seen(36_001_200, 36_001_500, r"{\i1}Hi{\i0}"))


def test_nothing_in_a_text_opens_another_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.srt"
    secret.write_text(SRT.format("secret"))
    for text in (f"#EXTM3U\n#EXTINF:1,\n{secret}\n", f"ffconcat version 1.0\nfile '{secret}'\n"):
        for form in READABLE:
            assert set(views(text, form)) == {None}


@pytest.mark.parametrize("form", sorted({*FORMATS} - {*READABLE}))
def test_formats_that_no_player_reads(form: str) -> None:
    made = annotation(SRT.format("Hello\n\tyou \\ <3").encode())
    seen = read_data(made.render(form), form)
    assert [(one.start_cs, one.end_cs) for one in seen] == [(1200, 1550), (1600, 1700)]
    assert {"hello", "you", "3"} <= set(seen[0].words)
