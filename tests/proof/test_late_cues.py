"""Cues of any hour: written as they are, read back by others, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pysubs2
import pytest

from subemo.core.errors import OutputError
from subemo.formats.registry import FORMATS, READERS_BY_NAME
from subemo.proof import comparison, prove
from subemo.proof.lost_words import refuse_moved
from subemo.proof.readback import Seen, read_back, read_data
from subemo.tagging.policy import TagPolicy

from ..formats.build import annotation

_TIMES = {
    "srt": "{0:02}:00:02,000 --> {0:02}:00:04,500",
    "vtt": "{0:02}:00:02.000 --> {0:02}:00:04.500",
    "sbv": "{0}:00:02.000,{0}:00:04.500",
    "ass": "Dialogue: 0,{0}:00:02.00,{0}:00:04.50,Default,,0,0,0,,",
}
_LATE = (
    "1\n00:00:02,000 --> 00:00:04,000\nearly\n\n2\n{0:02}:00:02,000 --> {0:02}:00:04,500\nlate\n"
)


@pytest.mark.parametrize("hours", [9, 10, 11, 99, 100, 596])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_late_cues_stay_late(form: str, hours: int, confidence: float) -> None:
    made = annotation(_LATE.format(hours).encode(), policy=TagPolicy(min_confidence=confidence))
    data = prove(made, form).data
    if form in READERS_BY_NAME:
        shown = read_back(data.decode(), form)[0]
        cue = READERS_BY_NAME[form].read(data).cues[1]
        assert (cue.start_ms, cue.end_ms) == (hours * 3_600_000 + 2_000, hours * 3_600_000 + 4_500)
    else:
        shown = read_data(data, form)
    assert shown is not None
    late = shown[1]
    assert (late.start_cs, late.end_cs) == (hours * 360_000 + 200, hours * 360_000 + 450)
    assert late.words[-1] == "late"
    assert _TIMES.get(form, "").format(hours) in data.decode()


def test_pysubs2_reads_eleven_hours(tmp_path: Path) -> None:
    path = tmp_path / "late.ass"
    path.write_bytes(prove(annotation(_LATE.format(11).encode()), "ass").data)
    assert pysubs2.load(str(path))[1].start == 11 * 3_600_000 + 2_000


def test_a_cue_at_another_time_is_named(tmp_path: Path) -> None:
    made = annotation(_LATE.format(11).encode())
    seen = [Seen(200, 400, "early"), Seen(3_599_999, 3_599_999, "late")]
    with pytest.raises(OutputError, match=r"cue of line 6 at its time, 11:00:02\.000 to 11:00:04"):
        refuse_moved(made, "ass", seen)
    refuse_moved(made, "ass", [*seen, Seen(3_960_209, 3_960_441, "Late!")])


def test_a_clock_that_ends_at_ten_hours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def clamped(milliseconds: int) -> str:
        return "9:59:59.99" if milliseconds >= 36_000_000 else f"0:00:0{milliseconds // 1000}.00"

    monkeypatch.setattr("subemo.formats.ass.format_time", clamped)
    with pytest.raises(OutputError, match="cue of line 6"):
        prove(annotation(_LATE.format(11).encode()), "ass")


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_each_tag_is_looked_at_once_where_all_cues_have_one_start(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 400
    blocks = (f"{i}\n00:00:01,000 --> 00:00:{i % 50 + 5:02},000\nWord {i}\n" for i in range(count))
    made = annotation("\n".join(blocks).encode())
    tried: list[str] = []
    put_in = comparison._is_put_in

    def counted(part: str, old: str, new: str) -> bool:
        tried.append(part)
        return put_in(part, old, new)

    monkeypatch.setattr(comparison, "_is_put_in", counted)
    captions = prove(made, form)
    assert len(captions.annotation.tagged) == count
    assert len(tried) <= 10 * count
