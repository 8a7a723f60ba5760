"""YouTube's SBV: read by TimedLines' rules, written so that ffmpeg and webvtt-py see every word."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from subemo.captions import parse_document, untag
from subemo.core.errors import OutputError
from subemo.formats import reader_of
from subemo.formats.sbv import Sbv
from subemo.media import ffmpeg_executable
from subemo.proof.readback import read_back
from subemo.subtitles.document import Cue

from .build import annotation, check_any_bytes
from .test_srt import line_endings, texts, times

#: With the mark of direction that it has where the text reads from right to left.
TAG = "[\u200e\u200f]?\\[angrily\\] "
FILM = b"""\
0:00:01.000,0:00:02.500
Hello <i>you</i> &amp; me
second line

0:00:03.000,0:00:04.123
[sobbing] Bye
"""


def clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1_000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


#: When each appears and how long it stays, and its lines.
Cues = list[tuple[tuple[int, int], list[str]]]


def compose(cues: Cues, newline: str, encoding: str) -> bytes:
    text = "\n".join(
        f"{clock(start)},{clock(start + length)}\n" + "\n".join(lines) + "\n"
        for (start, length), lines in cues
    ).replace("\n", newline)
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


cues = st.lists(st.tuples(times, texts), min_size=1, max_size=6)
encodings = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16-le-bom", "utf-16-be-bom"]
)


@settings(deadline=None)
@given(cues, line_endings, encodings)
def test_every_cue_is_understood_and_a_tag_is_all_that_changes(
    cues: Cues, newline: str, encoding: str
) -> None:
    data = compose(cues, newline, encoding)
    assert reader_of(data).name == "sbv"
    document = Sbv().read(data)
    assert [(cue.start_ms, cue.end_ms) for cue in document.cues] == [
        (start, start + length) for (start, length), _ in cues
    ]
    assert [cue.text for cue in document.cues] == ["\n".join(lines) for _, lines in cues]
    assert document.problems == ()
    made = annotation(document)
    again = Sbv().read(made.render())
    assert [(cue.start_ms, cue.end_ms) for cue in again.cues] == [
        (cue.start_ms, cue.end_ms) for cue in document.cues
    ]
    for old, new in zip(document.cues, again.cues, strict=True):
        # A space keeps a bracket from the beginning of a line.
        assert old.text in (re.sub(tag, "", new.text, count=1) for tag in (f" {TAG}", TAG))


fragments = st.sampled_from(
    [b"0:00:01.000,0:00:02.000\n", b"0:00:01.000,\n", b"-0:00:01.000,0:00:02.000\n", b"\n", b"text\n",
     b",", b"0:00", b"\r\n", b"\r", b"\xff", b"\xe9t\xe9\n", b"  \n", b"[", b"[br]", b"- ",
     b"\xef\xbb\xbf", b"9" * 50, b"0:00:01,000 --> 0:00:02,000\n"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(fragments, st.binary(max_size=8)), max_size=40).map(b"".join))
def test_any_bytes_are_read_or_refused_and_kept(data: bytes) -> None:
    check_any_bytes(Sbv(), data)


def test_what_stands_there_is_text() -> None:
    document = parse_document(FILM, path=Path("a.sbv"))
    assert document.form == "sbv"
    assert document.cues == (
        Cue(0, 1_000, 2_500, "Hello <i>you</i> &amp; me\nsecond line", 1),
        Cue(1, 3_000, 4_123, "[sobbing] Bye", 5),
    )
    converted = annotation(document).proven("vtt").data
    assert b"Hello &lt;i&gt;you&lt;/i&gt; &amp;amp; me" in converted


@pytest.mark.parametrize(
    ("times", "is_clear"),
    [
        ("-0:00:01.000,0:00:02.000", False),
        ("0:00:01,000,0:00:02,000", False),
        ("0:00:01.000", False),
        ("0:00:01.000,0:00:02.0000", False),
        ("0:00:01.000;0:00:02.000", True),
        ("0:00:01.000 --> 0:00:02.000", True),
    ],
)
def test_malformed_times_are_named_by_line_and_kept(times: str, is_clear: bool) -> None:
    data = f"0:00:00.000,0:00:00.500\nHi\n\n{times}\nHello\n\n0:00:03.000,0:00:04.000\nBye\n"
    document = Sbv().read(data.encode())
    assert [problem.line for problem in document.problems] == [4]
    assert ("has damaged times" in document.problems[0].message) == is_clear
    assert [cue.text for cue in document.cues] == ["Hi", *["Hello"] * is_clear, "Bye"]
    assert document.edited([]) == data.encode()
    made = annotation(document)
    assert len(made.proven().annotation.tagged) == 2
    if is_clear:
        assert b"Hello" in made.proven("srt").data
    else:
        with pytest.raises(OutputError, match="in the cue of line 4"):
            made.proven("srt")


def test_what_ends_before_it_starts_and_what_belongs_to_no_cue() -> None:
    document = Sbv().read(b"by hand\n\n0:00:03.000,0:00:02.000\nBye\n")
    assert [problem.line for problem in document.problems] == [1, 3]


def test_a_text_that_looks_like_times(tmp_path: Path) -> None:
    srt = (
        b"1\n00:00:01,000 --> 00:00:02,000\n0:00:05.000,0:00:06.000\n[br] {\\an8}a\\Nb [b]\n\n"
        b"2\n00:00:03,000 --> 00:00:04,000\n[music]\n10:20:30 we met\n"
    )
    made = annotation(srt)
    captions = made.proven("sbv")
    assert len(captions.annotation.tagged) == 2
    again = parse_document(captions.data, path=Path("a"))
    assert [(cue.start_ms, cue.end_ms) for cue in again.cues] == [(1000, 2000), (3000, 4000)]
    assert again.problems == ()
    path = tmp_path / "a.sbv"
    made.save(path, "sbv")
    assert untag(path, path.read_bytes(), needs_record=True).removed == 2


def test_ffmpeg_itself_shows_every_line(tmp_path: Path) -> None:
    """Its SubViewer takes a line that begins with a bracket for a header, and shows nothing of it."""
    path, out = tmp_path / "film.sbv", tmp_path / "again.srt"
    srt = b"1\n00:00:01,000 --> 00:00:02,000\n[music] Hello\n[sobbing] Bye\n"
    path.write_bytes(annotation(srt).render("sbv"))
    assert (
        path.read_text() == "0:00:01.000,0:00:02.000\n [angrily]  [music] Hello\n [sobbing] Bye\n\n"
    )
    run = [ffmpeg_executable(), "-nostdin", "-loglevel", "error", "-i", str(path), str(out)]
    subprocess.run(run, check=True)
    shown = out.read_text()
    assert all(word in shown for word in ("[angrily]", "[music] Hello", "[sobbing] Bye"))


def test_an_empty_line_ends_a_cue_for_all_but_ffmpeg() -> None:
    text = FILM.decode().replace("\nsecond", "\n\nsecond")
    lenient, strict, thorough = read_back(text, "sbv", thorough=True)
    assert lenient is not None and strict is not None and thorough is not None
    assert "second" in lenient[0].words
    assert "second" not in strict[0].words + thorough[0].words
    # ffmpeg stops at what is malformed in WebVTT, webvtt-py goes on.
    assert len(strict) == 1
    assert lenient[1].words == thorough[1].words == ("sobbing", "bye")


def test_webvtt_py_reads_what_is_written() -> None:
    captions = webvtt.from_buffer([annotation(FILM).render().decode()], format="sbv").captions
    assert [caption.start for caption in captions] == ["00:00:01.000", "00:00:03.000"]
    assert captions[1].text == " [angrily] [sobbing] Bye"


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1251"])
def test_its_own_sign_tells_an_encoding_without_a_mark(encoding: str) -> None:
    text = "0:00:01.000,0:00:02.500\nСъешь же ещё этих мягких французских булок, да выпей чаю.\n"
    document = parse_document(text.encode(encoding), path=Path("a"))
    assert document.cues[0].text in text


def test_a_long_line_costs_no_more_than_its_length() -> None:
    for text in ("0:0:" + "," * 200_000, "0:" + "1" * 200_000, "1:1:1" + " " * 200_000):
        assert Sbv().read(f"0:00:01.000,0:00:02.000\na\n{text}\n".encode()).cues


@pytest.mark.parametrize(
    "times",
    [
        "0:00:0x.000,0:00:07.000",
        "O:00:05.000,0:00:07.000",
        ":00:05.000,0:00:07.000",
        "~0:00:05.000;0:00:07.000",
        "0;00:05.000,0:00:07.000",
    ],
)
def test_damaged_times_begin_a_cue(times: str, tmp_path: Path) -> None:
    data = f"0:00:01.000,0:00:03.000\nHello\n\n{times}\nMy words\n\n0:00:08.000,0:00:09.000\nBye\n".encode()
    document = parse_document(data, path=Path("film.sbv"))
    assert [cue.text for cue in document.cues if cue.text != "My words"] == ["Hello", "Bye"]
    assert [problem.line for problem in document.problems] == [4]
    path = tmp_path / "film.emo.sbv"
    annotation(document).save(path)
    assert untag(path, path.read_bytes()).data == data


@pytest.mark.parametrize(
    "text", ["At 10:30:15 and 20.", "10 + 20: 30: 40", "1:2 and 3:4", "5, 6: 7: 8"]
)
def test_words_with_colons_and_digits_are_words(text: str) -> None:
    data = f"0:00:01.000,0:00:03.000\nHello\n\n{text}\n".encode()
    assert not parse_document(data, path=Path("film.sbv")).unread
