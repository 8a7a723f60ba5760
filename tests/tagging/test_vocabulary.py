from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import SettingsError
from subemo.formats.registry import COLOURED
from subemo.tagging.colours import (
    LEAST_CONTRAST,
    OKABE_ITO,
    ROLES,
    contrast,
    palette_of,
    read_palette,
)
from subemo.tagging.languages import language_of
from subemo.tagging.layout import tagged_lines
from subemo.tagging.policy import Audience, TagPolicy
from subemo.tagging.presets import PRESETS, directed
from subemo.tagging.vocabulary import direction_of, languages, read_vocabulary, vocabulary_of

from ..conftest import vocabulary_in

ASKED = ["en", "de", "fr", "es", "it", "nl", "pt", "pl", "ru", "uk", "tr", "ja", "zh", "ko", "ar"]


def test_every_language_that_was_promised_and_every_emotion() -> None:
    assert set(ASKED) <= set(languages())
    for language in languages():
        words = vocabulary_in(language)
        for form in (words.manner, words.noun, words.short):
            assert set(form) == set(EMOTIONS)
            assert all(word == word.strip() and word.isprintable() for word in form.values())
        for emotion in EMOTIONS:
            shortest = min(len(words.manner[emotion]), len(words.noun[emotion]))
            assert len(words.short[emotion]) <= max(shortest, len(words.manner[emotion]))
        for form in (words.manner, words.noun):
            assert len(set(form.values())) == len(EMOTIONS)  # told apart


@pytest.mark.parametrize("language", ["ru", "uk", "ja", "zh", "ko", "ar"])
def test_words_are_in_their_script(language: str) -> None:
    words = vocabulary_in(language)
    assert not any(c.isascii() and c.isalpha() for w in words.manner.values() for c in w)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("film.de.srt", "de"), ("film.pt-BR.srt", "pt-br"), ("film.en.sdh.srt", "en"),
        ("film.ger.srt", "de"), ("film.srt", None), ("film.hd.srt", None), ("film.zh-TW.srt", "zh-hant"),
        ("my.film.2010.fr.forced.srt", "fr"), ("it.srt", None), ("film.sv.srt", "sv"),
        ("film.German.srt", "de"),
    ],
)  # fmt: skip
def test_language_of_a_name(name: str, language: str | None) -> None:
    assert language_of(Path(name)) == language


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("pt-BR", "com raiva"),
        ("de_AT", "wütend"),
        ("zh-TW", "憤怒地"),
        ("zh-cn", "愤怒地"),
        ("deu", "wütend"),
    ],
)
def test_codes(code: str, word: str) -> None:
    assert vocabulary_in(code).manner[Emotion.ANGRY] == word


def test_unknown_language() -> None:
    assert vocabulary_of("tlh") is None


@pytest.mark.parametrize(
    ("preset", "language", "tag"),
    [
        ("dcmp", "en", "[angrily]"), ("netflix", "en", "[angrily]"), ("bbc", "en", "ANGRILY:"),
        ("youtube", "en", "[anger]"), ("emoji", "en", "😠"), ("netflix", "de", "[wütend]"),
        ("ard", "de", "(wütend)"), ("arcom", "fr", "(avec colère)"), ("bbc", "tr", "ÖFKEYLE:"), ("youtube", "ja", "[怒り]"),
    ],
)  # fmt: skip
def test_presets(preset: str, language: str, tag: str) -> None:
    assert PRESETS[preset].tag(Emotion.ANGRY, vocabulary_in(language)) == tag


def test_turkish_capitals() -> None:
    assert PRESETS["bbc"].tag(Emotion.DISGUST, vocabulary_in("tr")) == "TİKSİNTİYLE:"


class TestDirection:
    rtl, ltr = "\u200f", "\u200e"

    @pytest.mark.parametrize(
        ("text", "language", "mark"),
        [
            ("Hello", "en", ""), ("مرحبا", "ar", rtl), ("Hello", "ar", ltr), ("مرحبا", "en", rtl),
            ("123", "ar", rtl), ("", "ar", rtl), ("123", "en", ""), ("- 12 שלום", "en", rtl),
        ],
    )  # fmt: skip
    def test_marks(self, text: str, language: str, mark: str) -> None:
        assert directed("[x]", text, vocabulary_in(language)) == f"{mark}[x]"

    def test_a_line_keeps_the_direction_that_its_words_have(self) -> None:
        for language in languages():
            words = vocabulary_in(language)
            for text in ("Hello!", "مرحبا!", "שלום!"):
                tag = directed(PRESETS["netflix"].tag(Emotion.SAD, words), text, words)
                (line,) = tagged_lines([text], tag, is_above=False)
                assert direction_of(line) is direction_of(text)


class TestColours:
    def test_every_colour_can_be_read_on_black(self) -> None:
        for emotion in EMOTIONS:
            for preset in PRESETS:
                assert contrast(palette_of(preset)[emotion]) >= LEAST_CONTRAST

    def test_houses_with_roles_for_colours(self) -> None:
        assert set(palette_of("ard").colours.values()) == {"#FFFFFF"}
        assert set(palette_of("arcom").colours.values()) == {"#FF0000"}
        assert palette_of("netflix") is OKABE_ITO
        assert {name for name, one in PRESETS.items() if not one.colours_words} == set(ROLES)

    def test_known_contrasts(self) -> None:
        assert contrast("#FFFFFF") == pytest.approx(21)
        assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)

    def test_no_two_are_alike(self) -> None:
        assert len(set(OKABE_ITO.colours.values())) == len(EMOTIONS)

    def test_ones_own(self, tmp_path: Path) -> None:
        path = tmp_path / "style.toml"
        path.write_text('angry = "#ff8800"\njoy = "#FFFFFF"\n')
        palette = read_palette(path)
        assert palette[Emotion.ANGRY] == "#FF8800"
        assert palette[Emotion.HAPPY] == "#FFFFFF"
        assert palette[Emotion.SAD] == OKABE_ITO[Emotion.SAD]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ('angry = "#220000"', "contrast of 1"),
            ('angry = "red"', "not a colour"),
            ("angry = 3", "not a colour"),
            ('cross = "#FFFFFF"', "not an emotion"),
            ("angry", "not a table of colours"),
        ],
    )
    def test_what_cannot_be(self, tmp_path: Path, content: str, message: str) -> None:
        path = tmp_path / "style.toml"
        path.write_text(content)
        with pytest.raises(SettingsError, match=message):
            read_palette(path)

    def test_some_formats_have_none(self) -> None:
        assert "srt" not in COLOURED


class TestOwnWords:
    def test_some(self, tmp_path: Path) -> None:
        path = tmp_path / "words.toml"
        path.write_text('angry = "crossly"\nsad = ["glumly", "gloom", "glum"]\n', encoding="utf-8")
        words = read_vocabulary(path, language="en")
        assert words.manner[Emotion.ANGRY] == words.short[Emotion.ANGRY] == "crossly"
        assert words.noun[Emotion.SAD] == "gloom"
        assert words.manner[Emotion.HAPPY] == "happily"

    def test_for_a_language_without_any(self, tmp_path: Path) -> None:
        path = tmp_path / "words.toml"
        path.write_text('angry = "argt"', encoding="utf-8")
        assert read_vocabulary(path, language="sv").language == "sv"

    @pytest.mark.parametrize(
        "content", ['angry = ""', "angry = 1", 'x = "y"', "=", 'sad = ["a", "b"]', 'sad = "a\\nb"']
    )
    def test_what_cannot_be(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "words.toml"
        path.write_text(content)
        with pytest.raises(SettingsError):
            read_vocabulary(path, language="en")


def test_limits_by_language_and_audience() -> None:
    adults, children = TagPolicy(), TagPolicy(audience=Audience.CHILDREN)
    assert adults.limits("en").chars_per_second == 20
    assert adults.limits("pt-br").chars_per_second == 20
    assert adults.limits("zh").chars_per_second == 11
    assert adults.limits("ja").chars_per_line == 23
    assert children.limits("ko").chars_per_second == 11
    assert TagPolicy(chars_per_second=15).limits("zh").chars_per_second == 15
