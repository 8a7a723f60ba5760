from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.subtitles.markup import (
    StyledRun,
    StyledText,
    parse_ass,
    parse_srt,
    parse_vtt,
    to_ass,
    to_srt,
    to_vtt,
)

CODECS = {"srt": (to_srt, parse_srt), "vtt": (to_vtt, parse_vtt), "ass": (to_ass, parse_ass)}
words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="{}\\\u2060\u2028\u2029"),
    min_size=1,
    max_size=12,
)
runs = st.builds(StyledRun, words, st.booleans(), st.booleans(), st.booleans())


def bare(styled_text: StyledText) -> list[tuple[str, bool, bool, bool]]:
    return [
        (c, r.italic, r.bold, r.underline)
        for r in styled_text.runs
        for c in r.text
        if c != "\u2060"
    ]


@pytest.mark.parametrize("form", CODECS)
@given(st.lists(runs, min_size=1, max_size=4).map(tuple), st.booleans())
def test_words_and_styles_survive(form: str, many: tuple[StyledRun, ...], top: bool) -> None:
    if not any(run.text.strip() for run in many):
        return
    write, read = CODECS[form]
    styled_text = StyledText(many, is_top=top)
    again = read(write(styled_text))
    assert bare(again) == bare(styled_text)
    assert again.is_top == (top and form != "vtt")  # a setting of the cue there


@pytest.mark.parametrize("form", CODECS)
@given(st.text(max_size=40))
def test_any_text_is_only_text(form: str, text: str) -> None:
    write, read = CODECS[form]
    written = write(StyledText.of(text))
    written.encode()
    assert "-->" not in written
    assert "\n\n" not in written
    again = read(written)
    assert not any(run.italic or run.bold or run.underline for run in again.runs)
    assert not again.is_top


@pytest.mark.parametrize(
    ("parse", "text", "plain"),
    [
        (parse_srt, "{\\an8}<i>Hi</i> <font color='#fff'>you</font> <3", "Hi you <3"),
        (parse_srt, "a < b > c {x}", "a < b > c {x}"),
        (parse_vtt, "<v Ann>Hi &amp; <c.x>you</c><00:01.000> &lt;b&gt;", "Hi & you <b>"),
        (parse_vtt, "<ruby>漢<rt>kan</rt></ruby>", "漢kan"),
        (parse_ass, "{\\pos(1,2)\\i1}Hi{\\i0}\\Nyou\\hall", "Hi\nyou\u00a0all"),
        (parse_ass, "{\\p1}m 0 0 l 9 9{\\p0}seen", "seen"),
        (parse_ass, "{a comment}Hi", "Hi"),
    ],
)
def test_plain(parse: Callable[[str], StyledText], text: str, plain: str) -> None:
    assert parse(text).plain == plain


def test_karaoke_is_a_song() -> None:
    assert parse_ass("{\\k20}la{\\kf30}la").is_song
    assert not parse_ass("{\\i1}la").is_song


@pytest.mark.parametrize("text", ["{\\an8}", "\\N", "{\\p1}", "{=}"])
def test_nothing_can_be_injected_into_ass(text: str) -> None:
    written = to_ass(StyledText.of(f"a{text}b"))
    assert "{" not in written
    assert parse_ass(written).plain.replace("\u2060", "").startswith("a")
    assert "\\N" not in written
