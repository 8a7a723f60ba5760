"""LRC: a line that stays until the next begins, and brackets that players take for times."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.captions import parse_document, untag
from subemo.captions.record import record_path
from subemo.core.errors import OutputError
from subemo.formats.lrc import Lrc
from subemo.proof import prove
from subemo.proof.readback import read_back

from .build import annotation, check_any_bytes

FILM = (
    b"[ar:Somebody]\n[00:01.00]Hello you\n[00:03.50]\n[00:05.00] [sobbing] Get out\n"
    b"[00:08.00][00:20.00]Twice\n[11:09.5]<11:09.50> Last <11:10.00>words\n"
)


def test_times_and_words() -> None:
    document = Lrc().read(FILM)
    assert [(cue.start_ms, cue.end_ms) for cue in document.cues] == [
        (1_000, 3_500), (5_000, 8_000), (8_000, 20_000), (20_000, 669_500), (669_500, 674_500),
    ]  # fmt: skip
    said = [Lrc().parse(cue.text).plain for cue in document.cues]
    assert said == ["Hello you", "[sobbing] Get out", "Twice", "Twice", "Last words"]
    assert not document.problems


def test_tags_are_shown_as_they_are_and_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "film.emo.lrc"
    made = annotation(FILM)
    made.save(path)
    written = path.read_bytes().decode()
    assert "[00:01.00]\u00a0[angrily] Hello you\n[00:03.50]\n" in written
    (shown,) = read_back(written, "lrc")
    assert shown is not None
    assert shown[0].text == "\u00a0[angrily] Hello you"
    # A line with two times is shown twice, by one tag that only one could mean.
    assert [cue.index for cue in made.proven().annotation.tagged] == [0, 1, 4]
    assert record_path(path).is_file()
    assert untag(path, path.read_bytes()).data == FILM


def test_a_new_file_takes_its_cues_away() -> None:
    srt = b"1\n00:00:01,000 --> 00:00:02,000\n[All]\nright\n\n2\n00:00:02,000 --> 00:00:04,000\n- No\n"
    data = prove(annotation(srt), "lrc").data.decode()
    assert (
        data
        == "[00:01.00]\u00a0[angrily] \u00a0[All] right\n[00:02.00]- [angrily] No\n[00:04.00]\n"
    )


def test_cues_that_overlap_are_refused() -> None:
    srt = b"1\n00:00:01,000 --> 00:00:05,000\nOh\n\n2\n00:00:02,000 --> 00:00:04,000\nNo\n"
    with pytest.raises(OutputError, match="cannot show the cue of line 2"):
        prove(annotation(srt), "lrc")


def test_what_is_no_cue_is_said() -> None:
    data = b"[offset:500]\nwords\n[0:x]Hm\n[00:01.00]Hi\n"
    messages = [problem.message for problem in parse_document(data, path=Path("a.lrc")).problems]
    assert [message.split()[0] for message in messages] == ["the", "'words'", "cannot"]


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    check_any_bytes(Lrc(), data)
    check_any_bytes(Lrc(), b"[00:01.00]" + data)
