"""Files that somebody else wrote to break the promise, each as small as it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from subemo.captions import parse_document, untag
from subemo.captions.record import record_path
from subemo.core.errors import OutputError, SubtitleError
from subemo.subtitles.encoding import detect

from .build import annotation

HEAD = (
    "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, "
    "MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:12.00,0:00:15.00,Default,,0,0,0,,"
)
SRT = "1\n00:00:12,000 --> 00:00:15,000\n"


def form_of(text: str) -> str:
    return parse_document(text.encode(), path=Path("x")).form


def test_one_line_that_looks_like_another_format_does_not_decide() -> None:
    assert form_of(f"[100][120]aa\n\n{SRT}bb cc\n") == "srt"
    assert form_of("[120][150]aa --> bb\n[160][170]cc\n") == "mpl2"
    assert form_of("[120][150]aa 00:00:01,000 --> 00:00:02,000\n") == "mpl2"
    assert (
        form_of(f"{SRT}0:00:12.000,0:00:15.000\n\n2\n00:00:16,000 --> 00:00:17,000\nb\n") == "srt"
    )


@pytest.mark.parametrize(
    "text",
    ["WEBVTT\n\n00:12.000 --> 00:15.000\naa --> bb\n\n00:17.000 --> 00:18.000\ncc\n",
     f"{SRT}00:00:0a --> aa\n", f"{SRT}bb\n\n2\n00:00:16,000 aa --> 00:00:17,000\n"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["srt", "vtt", "ass", "json", "mpl2"])
def test_words_on_a_line_that_should_be_times_stop_another_format(text: str, form: str) -> None:
    made = annotation(text.encode())
    assert made.document is not None
    if form == made.document.form:
        assert b"aa" in made.proven(form).data
        return
    with pytest.raises(OutputError, match=f"lost in {form}, in the cue of line"):
        made.proven(form)


@pytest.mark.parametrize("blank", ["", " ", "\t "])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_mark_that_was_left_alone_on_its_line_takes_the_line_with_it(
    blank: str, newline: str
) -> None:
    """An empty line would end the cue, and take a person's words from view."""
    text = (
        f"WEBVTT\n\n00:12.000 --> 00:15.000\n<c.subemo.sad>[sadly]</c>{blank}\nHi there\n\n"
        "00:17.000 --> 00:18.000\n<c.subemo.sad>[sadly]</c>\n"
    ).replace("\n", newline)
    bare = untag(Path("x.vtt"), text.encode())
    assert bare.removed == 2
    cues = parse_document(bare.data, path=Path("x.vtt")).cues
    assert [cue.text for cue in cues] == ["Hi there", ""]


@pytest.mark.parametrize(
    "end", ["00:00:15,00099999999999999999999", "99999999999999999999:00:15,000"]
)
def test_times_of_no_film_are_unreadable(end: str) -> None:
    text = f"1\n00:00:12,000 --> {end}\nbb\n\n2\n00:00:16,000 --> 00:00:17,000\ncc\n"
    document = parse_document(text.encode(), path=Path("x"))
    assert [cue.text for cue in document.cues] == ["cc"]
    assert [cue.text.split("\n")[-1] for cue in document.unread] == ["bb"]


@pytest.mark.parametrize("name", ["idna", "punycode", "undefined", "unicode_escape"])
def test_what_is_no_encoding_of_text_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SubtitleError, match="unknown encoding"):
        detect(b"x", named=name)
    path = tmp_path / "b.srt"
    path.write_bytes(f"{SRT}bb\n".encode())
    record_path(path).write_text(
        f'{{"subemo_record":2,"provenance":"","sha256":"","encoding":"{name}","changes":[]}}'
    )
    assert untag(path, path.read_bytes()).data == path.read_bytes()


@pytest.mark.parametrize("form", ["srt", "vtt", "json", "ttml"])
def test_braces_behind_a_backslash_are_text(form: str) -> None:
    assert b"aa" in annotation((HEAD + "say \\{aa\\} bb\n").encode()).proven(form).data


def test_webvtt_in_small_letters_is_webvtt() -> None:
    data = b"webvtt\n\nNOTE my comment\n\n00:12.000 --> 00:15.000 line:0 align:start\n<v Bob>aa\n"
    made = annotation(data)
    assert made.document is not None
    assert made.document.form == "vtt"
    assert made.document.problems[0].line == 1
    proven = made.proven("vtt").data
    assert b"NOTE my comment" in proven
    assert b"line:0 align:start" in proven
    assert untag(Path("x.vtt"), proven).data == data


def test_words_behind_the_times_are_warned_of() -> None:
    document = parse_document(b"1\n00:00:12,000 --> 00:00:15,000 Hello\nbb\n", path=Path("x"))
    assert [(one.line, "Hello" in one.message) for one in document.problems] == [(2, True)]
    text = b"1\n00:00:12,000 --> 00:00:15,000  X1:40 X2:600\nbb\n"
    assert parse_document(text, path=Path("x")).problems == ()


@pytest.mark.parametrize(
    "text",
    [f"{SRT}<i>Hel</i>lo bb\n", f"{SRT}{{\\k20}}aa{{\\k30}}bb\n", f"{SRT}C:\\new C:\\home\n",
     HEAD + "aa\\hbb Hel{\\i1}lo{\\i0} {\\k20}aa{\\k30}bb\n",
     "WEBVTT\n\n00:12.000 --> 00:15.000\n<b>Hel</b>lo <c>un</c>believable\n",
     "[120][150]_aa_\n", "0:00:12.000,0:00:15.000\n{\\k20}aa{\\k30}bb\n"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["srt", "vtt", "ass", "json", "tsv", "ttml", "mpl2", "sbv"])
def test_markup_within_a_word_is_no_lost_word(text: str, form: str) -> None:
    made = annotation(text.encode())
    assert len(made.proven(form).data) > 10
