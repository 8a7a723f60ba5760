"""A record is untrusted: old, of another file, or forged, it takes out nothing but our own tags."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.captions import read_document, untag, untag_recorded
from subemo.captions.record import Record, RecordedTag, parse_record, record_path
from subemo.core.errors import RecordError
from subemo.tagging.vocabulary import Vocabulary, vocabulary_of

from ..formats.build import annotation
from ..formats.every import READABLE

TIMES = "00:00:01,000 --> 00:00:02,000"


def file_of(*texts: str) -> bytes:
    return "\n".join(
        f"{i}\n00:00:{2 * i:02},000 --> 00:00:{2 * i + 1:02},000\n{text}\n"
        for i, text in enumerate(texts, 1)
    ).encode()


def digest_of(data: bytes, text: str) -> str:
    """The hash of the cue with that text, as a forger would compute it."""
    block = next(block for block in data.split(b"\n\n") if text.encode() in block)
    return sha256(block.strip().split(b"\n", 1)[1]).hexdigest()


def forged(data: bytes, text: str, written: str, old_end: str | None = None) -> Record:
    return Record(sha256(data).hexdigest(), (RecordedTag(digest_of(data, text), written, old_end),))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("I did NOT kill him.", "NOT "),
        ("I did NOT kill him.", "I did "),
        ("NOT me.", "NOT "),
        ("JOHN: No.", "JOHN: "),
        ("[gunshot] Run!", "[gunshot] "),
        ("[angrily] [sadly] Hm", "[sadly] "),
        ("He said [angrily] that", "[angrily] "),
        ("A\n[angrily] B", "[angrily] "),
        ("[angrily] Hi", "[angrily] Hi"),
        ("[angrily] Hi", ""),
        ("[angrily] Hi", "\n"),
        ("[angrily]\nHi", "[angrily]\nHi"),
        ("Hi [angrily]", " [angrily]"),
    ],
)
def test_a_forged_entry_takes_out_nothing_else(text: str, written: str) -> None:
    data = file_of(text, "Bye")
    bare = untag_recorded(data, forged(data, text, written))
    assert bare.data == data
    assert bare.removed == 0
    assert "1 of 1 tags" in bare.warnings[0]


@pytest.mark.parametrize(
    "old_end",
    [
        "00:00:02,100",
        "00:00:59,000",
        "00:00:03,000",
        "00:00:02,900\n\n9\n00:00:09,000 --> x",
        "",
        "x",
    ],
)
def test_a_forged_end_time(old_end: str) -> None:
    data = file_of("[angrily] Hi", "Bye")
    assert untag_recorded(data, forged(data, "Hi", "[angrily] ", old_end)).data == data


def test_the_end_time_that_subemo_moved() -> None:
    data = file_of("[angrily] Hi", "Bye")
    bare = untag_recorded(data, forged(data, "Hi", "[angrily] ", "00:00:02,800"))
    assert bare.data == file_of("Hi", "Bye").replace(b"00:00:03,000", b"00:00:02,800")


def test_a_record_of_another_file_is_not_obeyed(tmp_path: Path) -> None:
    path, other = tmp_path / "film.srt", tmp_path / "other.srt"
    annotation(file_of("Hi", "Bye")).save(other)
    mine = file_of("[angrily] Hi there", "[happily] Bye")
    path.write_bytes(mine)
    record_path(path).write_bytes(record_path(other).read_bytes())
    document = read_document(path)
    assert document.data == mine
    assert "2 of 2 tags are left in place" in document.problems[0].message


@pytest.mark.parametrize("encoding", ["klingon", "utf-16", "base64", "utf-32-le", "\0", "rot13"])
def test_a_forged_encoding(encoding: str) -> None:
    data = file_of("[angrily] Hi", "Bye")
    record = Record("", (RecordedTag(digest_of(data, "Hi"), "[angrily] "),), encoding)
    assert untag_recorded(data, record).data == file_of("Hi", "Bye")


@pytest.mark.parametrize("tail", [b"", b"\0"])
def test_wide_characters_without_a_mark(tail: bytes, tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    data = file_of("Hi", "Bye").decode().encode("utf-16-le") + tail
    annotation(data).save(path)
    bare = untag(path, path.read_bytes(), needs_record=True)
    assert (bare.data, bare.removed) == (data, 2)


def test_one_typo_put_right_does_not_undo_strip(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    annotation(file_of("Helo", "Two", "Three")).save(path)
    edited = path.read_bytes().replace(b"Helo", b"Hello").replace(b"2\n00:00:04", b"22\n00:00:04")
    bare = untag(path, edited, needs_record=True)
    assert bare.removed == 2
    assert bare.data.decode().count("[angrily]") == 1
    assert "1 of 3 tags" in bare.warnings[0]


def test_a_broken_record_beside_the_input_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(file_of("Hi", "Bye"))
    for content in (b"{}", b"[" * 100_000, b'{"subemo_record": 1}', b"\xff", b""):
        record_path(path).write_bytes(content)
        document = read_document(path)
        assert document.data == path.read_bytes()
        assert "tags" in document.problems[0].message


def test_a_record_that_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(file_of("Hi", "Bye"))
    os.mkfifo(record_path(path))
    assert read_document(path).data == path.read_bytes()
    with pytest.raises(RecordError, match="regular file"):
        untag(path, path.read_bytes(), needs_record=True)


def test_own_words_are_taken_out_with_their_file_alone(tmp_path: Path) -> None:
    english = vocabulary_of("en")
    assert english is not None
    own = dict.fromkeys(english.manner, "crossly")
    words = Vocabulary("en", own, own, own)
    for form in READABLE:
        path = tmp_path / f"film.{form}"
        from dataclasses import replace

        from subemo.tagging.decisions import CueEvidence, decide_film

        made = annotation(file_of("Hi", "Bye"))
        heard = [
            CueEvidence(cue.start_ms, cue.end_ms, cue.styled_text, prediction=cue.prediction)
            for cue in made.cues
        ]
        decisions = decide_film(heard, made.policy, words).cues
        made = replace(
            made,
            vocabulary=words,
            cues=tuple(
                replace(cue, decision=decision)
                for cue, decision in zip(made.cues, decisions, strict=True)
            ),
        )
        made.save(path, form)
        tagged = path.read_bytes()
        assert tagged.count(b"[crossly]") == 2
        assert untag(path, tagged, needs_record=True).data.count(b"[crossly]") == 2
        assert "`words`" in untag(path, tagged, needs_record=True).warnings[0]
        assert untag(path, tagged, needs_record=True, words=words).data.count(b"[crossly]") == 0


@pytest.mark.parametrize("form", ["vtt", "ass"])
def test_a_forged_mark_in_the_file_takes_out_no_words(form: str, tmp_path: Path) -> None:
    spans = {
        "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nI did <c.subemo.angry>NOT </c>kill him.\n",
        "ass": "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
        "MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,I did {=subemo angry}NOT {=}kill him.\n",
    }
    path = tmp_path / f"film.{form}"
    path.write_text(spans[form])
    document = read_document(path)
    assert document.data == path.read_bytes()
    assert "marked as subemo's" in document.problems[0].message


@pytest.mark.parametrize("end", ["00-00-09-000", "00-00-01-000", "99", "00-00-02-000"])
def test_a_forged_end_in_a_mark(end: str, tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    path.write_text(
        f"WEBVTT\n\n00:01.000 --> 00:02.000\n<c.subemo.angry.end-{end}>[angrily]</c> Hi\n"
    )
    assert read_document(path).data == path.read_bytes()


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(
        st.sampled_from(["subemo_record", "sha256", "changes", "cue", "written", "old_end", "earlier",
                         "encoding"]), part, max_size=6),
    max_leaves=12,
))  # fmt: skip
def test_any_content_is_a_record_or_refused(content: object) -> None:
    if isinstance(content, dict):
        content["subemo_record"] = 2
    try:
        record = parse_record(json.dumps(content).encode(), path=Path("x"))
    except RecordError:
        return
    data = file_of("[angrily] Hi", "Bye")
    assert len(untag_recorded(data, Record(record.sha256, record.changes)).data) <= len(data)


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n<c.subemo.sad>[sadly]</c>\n00:01.000 --> 00:02.000\nan identifier that looks so\n",
        "WEBVTT\n\nNOTE <c.subemo.sad>[sadly]</c> is a mark\n\n00:01.000 --> 00:02.000\nHi\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nNOTE subemo 1.0.0, model a: a tag is how a voice sounds x\n\n",
    ],
)
def test_what_looks_like_ours_outside_of_cues_stays(text: str, tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    path.write_text(text)
    assert read_document(path).data == path.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n" + "-" * 1_000_000 + ">",
        "WEBVTT\n\n" + "a --> b\n" * 50_000,
        "WEBVTT\r" * 50_000,
    ],
)
def test_marks_are_looked_for_in_linear_time(text: str, tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    path.write_text(text)
    assert untag(path, path.read_bytes()).removed == 0
