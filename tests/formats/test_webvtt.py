from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.align.segments import spans
from subemo.analysis.predictions import CuePrediction
from subemo.annotation import _evidence
from subemo.core.errors import SubtitleError
from subemo.formats.webvtt import WebVtt
from subemo.subtitles.document import Cue, Document, Edit


def read(text: str) -> Document:
    return WebVtt().read(text.encode())


def test_what_a_file_may_hold() -> None:
    document = read(
        "WEBVTT - title\nKind: captions\n\nNOTE\na --comment\n\nSTYLE\n::cue { color: red }\n\n"
        "REGION\nid:a\n\nintro\n00:01.000 --> 00:02.500 line:0 align:start\n<v Ann>Hi\nyou\n\n"
        "100:00:03.000-->100:00:04.000\nBye\n"
    )
    assert [(c.start_ms, c.end_ms, c.text) for c in document.cues] == [
        (1_000, 2_500, "<v Ann>Hi\nyou"), (360_003_000, 360_004_000, "Bye"),
    ]  # fmt: skip
    assert document.problems == ()


def test_broken_times_are_named_and_kept() -> None:
    document = read("WEBVTT\n\n00:oops --> 00:02.000\nA\n\n00:03.000 --> 00:01.000\nB\n")
    assert [cue.text for cue in document.cues] == ["B"]
    assert [problem.line for problem in document.problems] == [3, 6]


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Hello", "T Hello"), ("<v Ann>Hello", "<v Ann>T Hello"), ("- Hello", "- T Hello"),
        ("<i>- Hello</i>", "<i>- T Hello</i>"), ("<i>Hello</i>", "T <i>Hello</i>"),
        ("<v.loud Ann>- ANN: Hi", "<v.loud Ann>- ANN: T Hi"), ("<c.x>Hi</c>", "T <c.x>Hi</c>"),
    ],
)  # fmt: skip
def test_where_the_tag_stands(text: str, tagged: str) -> None:
    document = read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n")
    at = document.offsets[0].inline
    assert at is not None
    assert document.edited([Edit(at, at, "T ")]).decode().splitlines()[3] == tagged


pieces = st.sampled_from(
    [b"WEBVTT\n", b"\n", b"00:01.000 --> 00:02.000\n", b"text\n", b"<v A>", b"-->", b"\r\n", b"\xff",
     b"NOTE\n", b"\0", b"<00:01.500>- x\n", b"- y\n", b"<c.subemo.sad>[sadly]</c> "]
)  # fmt: skip


@given(st.lists(st.one_of(pieces, st.binary(max_size=6)), max_size=30).map(b"".join))
def test_no_bytes_are_ever_lost(rest: bytes) -> None:
    data = b"WEBVTT\n\n" + rest
    try:
        document = WebVtt().read(data)
        bare = WebVtt().untag(data).data
    except SubtitleError:
        return
    assert document.edited([]) == data
    assert len(bare) <= len(data)
    for offsets in document.offsets:
        assert (offsets.inline is None) == (offsets.above is None)


class TestTwoSpeakers:
    def cue(self, text: str) -> Cue:
        return read(f"WEBVTT\n\n00:10.000 --> 00:20.000\n{text}\n").cues[0]

    @pytest.mark.parametrize(
        "text",
        ["- Who?\n<00:00:14.000>- Me.", "<v Ann>Who?\n<00:14.000><v Bob>Me.",
         "Who?\n<00:14.000>- Me."],
    )  # fmt: skip
    def test_told_apart_by_the_time_of_the_line(self, text: str) -> None:
        cue = self.cue(text)
        assert cue.voice_end_ms == 14_000
        assert [(s.start_ms, s.end_ms) for s in spans([cue.voice_ms])] == [(10_000, 14_000)]

    @pytest.mark.parametrize(
        "text",
        ["- Who?\n- Me.", "- Who?\n<00:30.000>- Me.", "- Who?\n<00:14.000>- Me.\n- And me.",
         "Who <00:14.000>is there?", "- Who?"],
    )  # fmt: skip
    def test_not_told_apart(self, text: str) -> None:
        assert self.cue(text).voice_end_ms is None

    def test_the_policy_knows(self) -> None:
        document = read("WEBVTT\n\n00:10.000 --> 00:20.000\n- Who?\n<00:14.000>- Me.\n")
        heard = _evidence(document.cues[0], CuePrediction(None, 0), document)
        assert heard.is_of_first
