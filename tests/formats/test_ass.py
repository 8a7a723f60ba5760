from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.captions import parse_document
from subemo.core.errors import SubtitleError
from subemo.formats.ass import Ass
from subemo.subtitles.document import Document, Edit

from .build import annotation

HEAD = "[Script Info]\nTitle: x\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def read(lines: str, head: str = HEAD) -> Document:
    return Ass().read((head + lines).encode())


def dialogue(text: str, name: str = "") -> str:
    return f"Dialogue: 0,0:00:01.00,0:00:02.50,Default,{name},0,0,0,,{text}\n"


def test_dialogue_is_read_and_the_rest_is_not() -> None:
    document = read(
        dialogue("Hi, you\\Nthere", "Ann")
        + "Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,no\n"
        + "[Fonts]\nDialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,no\n"
    )
    (cue,) = document.cues
    assert (cue.start_ms, cue.end_ms, cue.text, cue.speaker) == (
        1_000, 2_500, "Hi, you\\Nthere", "Ann",
    )  # fmt: skip


def test_the_older_format_with_its_own_fields() -> None:
    document = Ass().read(
        b"[Script Info]\r\n\r\n[Events]\r\nFormat: Marked, Start, End, Text\r\n"
        b"Dialogue: Marked=0,0:00:01.00, 0:00:02.00 ,Hi, you\r\n"
    )
    assert [(c.start_ms, c.end_ms, c.text) for c in document.cues] == [(1_000, 2_000, "Hi, you")]
    assert document.newline == "\r\n"


def test_broken_lines_are_named_and_kept() -> None:
    document = read(
        dialogue("A") + "Dialogue: 0,0:00:xx.00,0:00:02.00,D,,0,0,0,,B\nDialogue: 1,2\n"
    )
    assert len(document.cues) == 1
    assert [problem.line for problem in document.problems] == [7, 8]


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Hi", "T Hi"), ("{\\an8}Hi", "{\\an8}T Hi"), ("{\\i1}- Hi", "{\\i1}- T Hi"),
        ("ANN: Hi", "ANN: T Hi"), ("{comment}Hi{\\b1}!", "{comment}T Hi{\\b1}!"),
    ],
)  # fmt: skip
def test_where_the_tag_stands(text: str, tagged: str) -> None:
    document = read(dialogue(text))
    at = document.offsets[0].inline
    assert at is not None
    assert dialogue(tagged).encode() in document.edited([Edit(at, at, "T ")])


@pytest.mark.parametrize("text", ["", "{\\an8}", "{\\p1}m 0 0 l 1 1", " \\N "])
def test_what_has_no_words_has_no_place_for_a_tag(text: str) -> None:
    assert read(dialogue(text)).offsets[0].inline is None


pieces = st.sampled_from(
    [b"[Script Info]\n", b"[Events]\n", b"Format: Start, End, Text\n", b"Dialogue: ", b"0:00:01.00,",
     b"{\\i1}", b"{=subemo sad}[sadly]{=} ", b"; subemo 1\n", b"\xff", b"\r\n", b",", b"\\N", b"text\n"]
)  # fmt: skip


@given(st.lists(st.one_of(pieces, st.binary(max_size=6)), max_size=40).map(b"".join))
def test_no_bytes_are_ever_lost(rest: bytes) -> None:
    data = HEAD.encode() + rest
    try:
        document = Ass().read(data)
        bare = Ass().untag(data).data
    except SubtitleError:
        return
    assert document.edited([]) == data
    assert len(bare) <= len(data)
    places = [offsets.inline for offsets in document.offsets if offsets.inline is not None]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Příliš žluťoučký kůň"), ("cp1251", "Съешь же ещё этих мягких французских булок"),
        ("cp1252", "Où êtes-vous, Zoë ?"), ("gb18030", "你在哪里？我找了你很久。"),
        ("shift_jis", "どこへ行くんですか、ソラさん。"), ("utf-16", "Grüße"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["ass", "srt"])
def test_eight_bit_encodings_keep_every_byte(encoding: str, text: str, form: str) -> None:
    whole = (
        HEAD + dialogue(text) if form == "ass" else f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n"
    )
    data = whole.encode(encoding)
    document = parse_document(data, path=Path("x"), encoding=encoding)
    assert text in document.cues[0].text
    tagged = annotation(document).render()
    assert "[angrily]" in tagged.decode(encoding)
    wrapped = "{=subemo angry}[angrily]{=} " if form == "ass" else "[angrily] "
    note = tagged.decode(encoding).split("\n")[1] + "\n" if form == "ass" else ""
    assert tagged.decode(encoding).replace(wrapped, "").replace(note, "", 1) == data.decode(
        encoding
    )


def test_an_eight_bit_encoding_is_guessed() -> None:
    """Its sign is a dialogue line: there is no arrow in it, as there is in SubRip."""
    said = ("Что ты здесь делаешь?", "Я не знаю, что сказать.", "Пойдём отсюда скорее.")
    data = (HEAD + "".join(map(dialogue, said * 5))).encode("cp1251")
    document = parse_document(data, path=Path("x"))
    assert document.encoding.is_guess
    assert document.cues[0].text == said[0]
