from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subemo.core.errors import SubtitleError
from subemo.formats.srt import Srt
from subemo.subtitles.document import Cue, Document, Edit
from subemo.subtitles.markup import is_visible

TAG = "[angrily] "


def read(text: str) -> Document:
    return Srt().read(dedent(text).encode())


def tag_all(document: Document) -> bytes:
    return document.edited(
        Edit(offsets.inline, offsets.inline, TAG)
        for offsets in document.offsets
        if offsets.inline is not None
    )


# One cue of each kind that real files hold.
line_endings = st.sampled_from(["\n", "\r\n", "\r"])
encodings = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16-le-bom", "utf-16-be-bom", "utf-32-le-bom"]
)
words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029"),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() and "-->" not in text and not text.strip()[0].isdigit())
texts = st.lists(words, min_size=1, max_size=3)
times = st.tuples(st.integers(0, 10**8), st.integers(0, 10**4))
cues = st.lists(st.tuples(times, texts), min_size=1, max_size=6)


def clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"


def compose(cues: list[tuple[tuple[int, int], list[str]]], newline: str, encoding: str) -> bytes:
    blocks = [
        f"{i}\n{clock(start)} --> {clock(start + length)}\n" + "\n".join(lines) + "\n"
        for i, ((start, length), lines) in enumerate(cues, 1)
    ]
    text = "\n".join(blocks).replace("\n", newline)
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


@settings(deadline=None)
@given(cues, line_endings, encodings)
def test_every_cue_is_understood(
    cues: list[tuple[tuple[int, int], list[str]]], newline: str, encoding: str
) -> None:
    document = Srt().read(compose(cues, newline, encoding))
    assert [(cue.start_ms, cue.end_ms) for cue in document.cues] == [
        (start, start + length) for (start, length), _ in cues
    ]
    assert [cue.text for cue in document.cues] == ["\n".join(lines) for _, lines in cues]
    assert document.problems == ()


@settings(deadline=None)
@given(cues, line_endings, encodings)
@example([((0, 0), ["{\\}"]), ((0, 9), ["{\\an8}", "Oh!"])], "\n", "utf-8")
def test_tags_are_all_that_changes(
    cues: list[tuple[tuple[int, int], list[str]]], newline: str, encoding: str
) -> None:
    data = compose(cues, newline, encoding)
    document = Srt().read(data)
    tagged = tag_all(document)
    # Players show nothing of a cue such as {\\}, so it gets no tag.
    shown = [cue for cue in document.cues if is_visible(Srt().parse(cue.text).plain)]
    assert len(tagged) == len(data) + len(shown) * len(document.encoding.encode(TAG))
    assert tagged.replace(document.encoding.encode(TAG), b"") == data
    again = Srt().read(tagged)
    assert [cue.text.replace(TAG, "") for cue in again.cues] == [c.text for c in document.cues]
    assert [(c.start_ms, c.end_ms) for c in again.cues] == [
        (c.start_ms, c.end_ms) for c in document.cues
    ]


fragments = st.sampled_from(
    [b"1\n", b"00:00:01,000 --> 00:00:02,000\n", b"\n", b"text\n", b"-->", b"00:00", b"\r\n",
     b"\xff", b"\xe9t\xe9\n", b"  \n", b"{\\an8}", b"- ", b"<i>", b"2\r", b"\xef\xbb\xbf", b"9" * 50]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(fragments, st.binary(max_size=8)), max_size=40).map(b"".join))
def test_no_bytes_are_ever_lost(data: bytes) -> None:
    try:
        document = Srt().read(data)
    except SubtitleError:
        return
    assert document.edited([]) == data
    tag = document.encoding.encode("\u0001")
    for which in ("inline", "above"):
        places = [at for offsets in document.offsets if (at := getattr(offsets, which)) is not None]
        spliced = document.edited(Edit(at, at, "\u0001") for at in places)
        assert len(spliced) == len(data) + len(places) * len(tag)
        assert places == sorted(places)
    for offsets in document.offsets:
        assert (offsets.inline is None) == (offsets.above is None)
        if offsets.inline is not None:
            assert offsets.above is not None
            assert offsets.above <= offsets.inline
        if offsets.end_time is not None:
            assert 0 <= offsets.end_time[0] < offsets.end_time[1] <= len(data)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        Srt().read(data)
    except SubtitleError as error:
        assert error.remedy


class TestRead:
    def test_trailing_spaces_odd_times_and_positions(self) -> None:
        document = read("""\
            7
            0:0:1.5   -->  00:00:02,000   X1:10 X2:20
            Hello  \x20

            """)
        assert document.cues == (Cue(0, 1_005, 2_000, "Hello   ", 2),)

    def test_text_behind_a_blank_line_stays_with_its_cue(self) -> None:
        document = read("""\
            1
            00:00:01,000 --> 00:00:02,000
            Hello

            world

            2
            00:00:03,000 --> 00:00:04,000
            Bye
            """)
        assert [cue.text for cue in document.cues] == ["Hello\n\nworld", "Bye"]

    def test_no_numbers_and_no_blank_lines(self) -> None:
        document = read("""\
            00:00:01,000 --> 00:00:02,000
            Hello
            2
            00:00:03,000 --> 00:00:04,000
            Bye""")
        assert [cue.text for cue in document.cues] == ["Hello", "Bye"]

    def test_an_arrow_in_the_text_is_text(self) -> None:
        document = read("""\
            1
            00:00:01,000 --> 00:00:02,000
            go there --> quick
            --> now
            """)
        assert [cue.text for cue in document.cues] == ["go there --> quick\n--> now"]

    def test_malformed_cues_are_named_by_line_and_kept(self) -> None:
        data = dedent("""\
            1
            00:00:01,000 -> 00:00:02,000
            Wrong arrow

            2
            00:00:0x,000 -->
            No end

            3
            00:00:05,000 --> 00:00:06,000
            Good

            4
            eh --> 00:00:08,000
            No start
            """).encode()
        document = Srt().read(data)
        assert [cue.text for cue in document.cues] == ["Wrong arrow", "Good"]
        assert [cue.text.split("\n")[-1] for cue in document.unread] == ["No end", "No start"]
        assert [problem.line for problem in document.problems] == [2, 6, 14]
        assert document.offsets[0].above is None
        assert tag_all(document) == data.replace(b"Good", b"[angrily] Good")

    def test_a_cue_that_ends_before_it_starts(self) -> None:
        document = read("1\n00:00:05,000 --> 00:00:02,000\nHello\n")
        assert (document.cues[0].start_ms, document.cues[0].end_ms) == (5_000, 2_000)
        assert "before it starts" in document.problems[0].message

    def test_an_empty_cue_is_kept_and_has_no_place_for_a_tag(self) -> None:
        document = read("""\
            1
            00:00:01,000 --> 00:00:02,000

            2
            00:00:03,000 --> 00:00:04,000
            Bye
            """)
        assert [cue.text for cue in document.cues] == ["", "Bye"]
        assert document.offsets[0].inline is None

    def test_something_before_the_first_cue(self) -> None:
        document = read("Subtitles by me\n\n1\n00:00:01,000 --> 00:00:02,000\nHello\n")
        assert document.problems[0].line == 1

    def test_a_number_of_ten_thousand_digits(self) -> None:
        document = read(
            f"1\n{'9' * 10_000}:00:00,000 --> 00:00:02,000\nA\n\n"
            "2\n00:00:03,000 --> 00:00:04,000\nB\n"
        )
        assert [cue.text for cue in document.cues][-1] == "B"

    @pytest.mark.parametrize("text", ["hello\nworld\n", "1\n2\n3\n"])
    def test_no_cues(self, text: str) -> None:
        with pytest.raises(SubtitleError, match="no subtitles"):
            read(text)


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Hello", "[angrily] Hello"),
        ("{\\an8}Hello", "{\\an8}[angrily] Hello"),
        ("<i>Hello</i>", "[angrily] <i>Hello</i>"),
        ("- Get out!", "- [angrily] Get out!"),
        ("-Get out!", "-[angrily] Get out!"),
        ("– Raus!", "– [angrily] Raus!"),
        ("-5 degrees", "[angrily] -5 degrees"),
        ("--", "[angrily] --"),
        ("  indented", "[angrily]   indented"),
    ],
)
def test_where_the_tag_stands(text: str, tagged: str) -> None:
    document = read(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n")
    assert tag_all(document).decode().splitlines()[2] == tagged


def test_long_lines_are_read_in_linear_time() -> None:
    hostile = ["9" * 100_000, "{\\" * 50_000, "-" + " " * 100_000, "<" * 100_000]
    text = "".join(f"1\n00:00:01,000 --> 00:00:02,000\n{line}\n\n" for line in hostile)
    assert len(read(text).cues) == 4
