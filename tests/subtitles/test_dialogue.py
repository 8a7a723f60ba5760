from __future__ import annotations

from collections.abc import Callable

import pytest

from subemo.subtitles.dialogue import before_words, read_speech
from subemo.subtitles.markup import StyledText, parse_ass, parse_srt, parse_vtt


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Hello.", ("",)),
        ("- Hello.", ("",)),
        ("-Hello.", ("",)),
        ("— Hello.", ("",)),
        ("-5 degrees.", ("",)),
        ("--", ("",)),
        ("- Hello.\n- Hi.", ("", "")),
        ("JOHN: Hello.", ("JOHN",)),
        ("[JOHN]: Hello.", ("JOHN",)),
        ("[JOHN: Hello.", ("",)),
        ("JOHN]: Hello.", ("",)),
        ("MRS. O'NEIL: Hello.", ("MRS. O'NEIL",)),
        ("МАРИЯ: Привет.", ("МАРИЯ",)),
        ("- JOHN: Hello.\n- MARY: Hi.", ("JOHN", "MARY")),
        ("JOHN: Hello.\nMARY: Hi.", ("JOHN", "MARY")),
        ("JOHN: Hello.\nHow are you?", ("JOHN",)),
        ("Look: there.", ("",)),
        ("It is 5:30.", ("",)),
    ],
)
def test_speakers(text: str, speakers: tuple[str, ...]) -> None:
    assert read_speech(StyledText.of(text)).speakers == speakers


def test_a_voice_span_names_its_speaker() -> None:
    assert read_speech(parse_vtt("<v.loud Mary Ann>Hi!")).speakers == ("Mary Ann",)


def test_a_field_names_its_speaker() -> None:
    assert read_speech(StyledText.of("Hi!"), "Mary").speakers == ("Mary",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Hello.", "Hello."),
        ("- Hello.", "Hello."),
        ("-Hello.", "Hello."),
        ("JOHN: Hello.", "Hello."),
        ("- (MRS. O'NEIL): Hello.", "Hello."),
        ("[JOHN] Hello.", "[JOHN] Hello."),
        ("- JOHN: Hello.", "Hello."),
        ("JOHN:", "JOHN:"),
        ("-5 degrees", "-5 degrees"),
        ("- ", "- "),
        ("Note: this", "Note: this"),
    ],
)
def test_where_the_words_begin(line: str, words: str) -> None:
    assert line[before_words(line) :] == words


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, "[a" * 50_000, "A" * 100_000, "- " * 50_000, "# " * 50_000, "A. " * 30_000],
)
def test_long_nonsense_takes_no_time(text: str) -> None:
    read_speech(StyledText.of(text))


@pytest.mark.parametrize("parse", [parse_srt, parse_vtt, parse_ass])
@pytest.mark.parametrize(
    "text", ["<" * 100_000, "<font " * 20_000, "{\\" * 50_000, "<" + "a" * 100_000]
)
def test_open_tags_take_no_time(parse: Callable[[str], StyledText], text: str) -> None:
    parse(text)


def test_two_voice_spans_are_two_speakers() -> None:
    styled_text = parse_vtt("<v Ann>Who?</v>\n<v Bob>Me.</v>")
    assert styled_text.voices == ("Ann", "Bob")
    assert styled_text.speaker == ""
    assert read_speech(styled_text).speakers == ("Ann", "Bob")
    assert parse_vtt("<v>Who?").voices == ("",)
