"""MPL2: a cue in a line, tenths of a second, styles at the beginning of a line."""

from __future__ import annotations

import re
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subemo.captions import parse_document, untag
from subemo.core.errors import OutputError
from subemo.formats import reader_of
from subemo.formats.mpl2 import Mpl2
from subemo.proof.readback import read_back
from subemo.subtitles.document import Cue
from subemo.subtitles.markup import StyledRun
from subemo.tagging.policy import PolicyKind, TagPolicy

from .build import annotation, check_any_bytes
from .test_srt import line_endings, words

#: With the mark of direction that it has where the text reads from right to left.
TAG = "[\u200e\u200f]?\\[angrily\\] "
FILM = b"[10][25]/Hello|you\n[30][41] [sobbing] Bye\n"

times = st.tuples(st.integers(0, 10**6), st.integers(0, 10**3))
lines = words.map(lambda text: text.replace("|", "/"))
cues = st.lists(st.tuples(times, st.lists(lines, min_size=1, max_size=3)), min_size=1, max_size=6)
encodings = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16-le-bom", "utf-16-be-bom"]
)


#: When each appears and how long it stays, and its lines.
Cues = list[tuple[tuple[int, int], list[str]]]


def compose(cues: Cues, newline: str, encoding: str) -> bytes:
    text = "".join(
        f"[{start}][{start + length}]{'|'.join(lines)}{newline}" for (start, length), lines in cues
    )
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


@settings(deadline=None)
@given(cues, line_endings, encodings)
def test_every_cue_is_understood_and_a_tag_changes_no_other_line(
    cues: Cues, newline: str, encoding: str
) -> None:
    data = compose(cues, newline, encoding)
    assert reader_of(data).name == "mpl2"
    document = Mpl2().read(data)
    expected = [(start * 100, (start + length) * 100) for (start, length), _ in cues]
    assert [(cue.start_ms, cue.end_ms) for cue in document.cues] == expected
    assert [cue.text for cue in document.cues] == ["|".join(lines) for _, lines in cues]
    assert document.problems == ()
    again = Mpl2().read(annotation(document).render())
    assert [(cue.start_ms, cue.end_ms) for cue in again.cues] == expected
    for old, new in zip(document.cues, again.cues, strict=True):
        assert re.sub(TAG, "", new.text, count=1) == old.text


fragments = st.sampled_from(
    [b"[10][25]", b"[10][]x\n", b"[-1][3]\n", b"[10] [25]x\n", b"\n", b"|", b"/", b"\\", b"_", b"\r\n",
     b"\r", b"\xff", b"\xe9t\xe9\n", b"[", b"]", b"- ", b"\xef\xbb\xbf", b"9" * 50, b"{1}{2}x\n"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(fragments, st.binary(max_size=8)), max_size=40).map(b"".join))
def test_any_bytes_are_read_or_refused_and_kept(data: bytes) -> None:
    check_any_bytes(Mpl2(), data)


def test_styles_are_of_a_line() -> None:
    styled_text = Mpl2().parse(" /\\both|plain /not|_under")
    assert styled_text.runs == (
        StyledRun("both", italic=True, bold=True),
        StyledRun("\n"),
        StyledRun("plain /not"),
        StyledRun("\n"),
        StyledRun("under", underline=True),
    )


@pytest.mark.parametrize(
    ("text", "inline", "above"),
    [
        ("Hello", "[angrily] Hello", "[angrily]|Hello"),
        ("/Hello|/you", "/[angrily] Hello|/you", "[angrily]|/Hello|/you"),
        (" /- Hello", " /- [angrily] Hello", " [angrily]|/- Hello"),
        ("|Hello", "|[angrily] Hello", "|[angrily]|Hello"),
        # A tag has a mark of direction of its own there.
        ("\u200fHello", "\u200f\u200f[angrily] Hello", "\u200f\u200f[angrily]|Hello"),
    ],
)
def test_where_a_tag_goes(tmp_path: Path, text: str, inline: str, above: str) -> None:
    data = f"[10][25]{text}\r\n[30][40]Bye".encode()
    for preset, expected in (("netflix", inline), ("dcmp", above)):
        made = annotation(data, policy=TagPolicy(policy=PolicyKind.EVERY, preset=preset))
        captions = made.proven()
        assert captions.data.decode().split("\r\n")[0] == f"[10][25]{expected}"
        assert len(captions.annotation.tagged) == 2
        path = tmp_path / f"{preset}.mpl2"
        made.save(path)
        assert untag(path, path.read_bytes(), needs_record=True).data == data


def test_malformed_lines_are_named_by_number_and_kept() -> None:
    data = b"by hand\n[10][25]Hello\n[-1][3]Negative\n[50][]No end\n[80][70]Back\n{1}{2}Micro\n\n"
    document = Mpl2().read(data)
    assert [problem.line for problem in document.problems] == [1, 3, 4, 5, 6]
    assert document.cues == (Cue(0, 1_000, 2_500, "Hello", 2), Cue(1, 8_000, 7_000, "Back", 5))
    assert [cue.text for cue in document.unread] == ["Negative", "No end"]
    assert document.edited([]) == data
    with pytest.raises(OutputError, match="in the cue of line 3, whose times cannot be read"):
        annotation(document).proven("srt")
    assert b"[angrily] Hello" in annotation(document).proven().data


def test_what_looks_like_markup_is_kept_and_styles_of_whole_lines(tmp_path: Path) -> None:
    srt = (
        b"1\n00:00:01,040 --> 00:00:02,060\n<i>/ all | of it</i>\n<b>half</b> _of_ it\n\n"
        b"2\n00:00:03,000 --> 00:00:03,040\n\\\\server {\\an8}\\Nb [1][2] <i><u>x</u></i>\n"
    )
    made = annotation(srt)
    untagged = annotation(srt, policy=TagPolicy(min_confidence=1)).render("mpl2").decode()
    first, second = untagged.splitlines()
    assert first == "[10][21]/\u2060/ all \uff5c of it|half _of_ it"
    assert second.startswith("[30][31]\u2060\\")  # nothing is shown for no time
    captions = made.proven("mpl2")
    assert len(captions.annotation.tagged) == len(made.tagged)
    (seen,) = read_back(captions.data.decode(), "mpl2")
    assert seen is not None
    assert {"all", "of", "it", "half", "_of_"} <= set(seen[0].words)
    path = tmp_path / "a.mpl2"
    made.save(path, "mpl2")
    assert untag(path, path.read_bytes(), needs_record=True).removed == len(made.tagged)


@pytest.mark.parametrize("end", [",200", ",249", ",251", ",290"])
def test_times_between_tenths_are_no_reason_to_lose_a_tag(tmp_path: Path, end: str) -> None:
    srt = f"1\n00:00:01,049 --> 00:00:01{end}\nGet out of here now!\n".encode()
    made = annotation(srt, policy=TagPolicy(policy=PolicyKind.EVERY, extend=True))
    assert made.tagged
    path = tmp_path / "a.mpl2"
    made.save(path, "mpl2")
    assert b"[angrily]" in path.read_bytes()
    assert untag(path, path.read_bytes(), needs_record=True).removed == 1


def test_pysubs2_reads_what_is_written() -> None:
    subs = pysubs2.SSAFile.from_string(annotation(FILM).render().decode(), format_="mpl2")
    assert [(event.start, event.end) for event in subs] == [(1000, 2500), (3000, 4100)]
    assert [event.plaintext for event in subs] == [
        "[angrily] Hello\nyou",
        "[angrily] [sobbing] Bye",
    ]
    assert subs[0].text.startswith("{\\i1}[angrily] Hello{\\i0}")


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1250"])
def test_its_own_sign_tells_an_encoding_without_a_mark(encoding: str) -> None:
    text = "[10][25]Zażółć gęślą jaźń, powiedział.|Nie wiem, co się stało w nocy.\n"
    document = parse_document(text.encode(encoding), path=Path("a"))
    assert document.cues[0].text in text
