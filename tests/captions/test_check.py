from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from subemo.captions import parse_document
from subemo.captions.check import check_file
from subemo.cli import main
from subemo.core.sounds import Sound
from subemo.tagging.layout import TagStyle
from subemo.tagging.limits import Limit, ReadingLimits, length, limits_for
from subemo.tagging.policy import TagPolicy
from subemo.tagging.presets import PRESETS
from subemo.tagging.sounds import SoundCue

from ..conftest import vocabulary_in, write_srt
from ..formats.build import annotation

CUES = [
    (0, 2_000, "Fine."),
    (2_050, 3_000, "This one is really much too fast to read."),
    (4_000, 4_500, "Blink."),
    (5_000, 13_000, "Long."),
    (14_000, 16_000, "a\nb\nc"),
    (17_000, 20_000, "x" * 43),
]


STYLE = TagStyle(PRESETS["netflix"], vocabulary_in("en"), ReadingLimits())


@pytest.fixture
def subs(tmp_path: Path) -> Path:
    return write_srt(tmp_path / "film.srt", CUES)


def test_each_limit(subs: Path) -> None:
    found = check_file(subs, STYLE)
    assert [(one.cue.index, one.violation.limit) for one in found.violations] == [
        (0, Limit.GAP), (1, Limit.SPEED), (2, Limit.SHORT), (3, Limit.LONG), (4, Limit.LINES),
        (5, Limit.LINE),
    ]  # fmt: skip
    assert found.before == found.violations
    assert found.tags == 0


def test_what_a_tag_alone_breaks(subs: Path, tmp_path: Path) -> None:
    path = tmp_path / "film.emo.srt"
    annotation(subs.read_bytes()).save(path)
    found = check_file(path, STYLE)
    assert found.tags == len(CUES)
    by_tag = [(one.cue.index, one.violation.limit) for one in found.violations if one.by_tag]
    assert by_tag == [(1, Limit.LINE), (2, Limit.SPEED)]
    assert len(found.violations) == len(found.before) + 2


def test_where_a_tag_has_room(tmp_path: Path) -> None:
    texts = ["Well, yes.", "So quickly!", "So very quickly that no tag is read."]
    cues = [(5_000 * i, 5_000 * i + 900, text) for i, text in enumerate(texts)]
    path = write_srt(tmp_path / "room.srt", [(0, 2_000, "Oh."), *cues[1:]])
    # "[surprise] " is 11 characters: So quickly! needs 1,100 ms with it.
    assert check_file(path, STYLE).rooms == (1, 2)
    assert check_file(path, STYLE, extend_ms=100).rooms == (1, 1)
    tagged = tmp_path / "room.emo.srt"
    annotation(path.read_bytes(), policy=TagPolicy(min_confidence=0.6)).save(tagged)
    assert check_file(tagged, STYLE).rooms == (0, 1)


def test_the_command(subs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    assert main(["check", str(subs), "--csv", str(table)]) == 0
    printed = capsys.readouterr().out
    assert "6 cues, 0 tags of subemo's: 6 limits broken (6 without the tags, 0 only" in printed
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["state"] for row in rows].count("after") == 6
    assert main(["check", str(subs), "--strict"]) == 1
    assert main(["check", str(subs), "--chars-per-line", "50", "--max-lines", "3"]) == 0
    *_, broken, room = capsys.readouterr().out.splitlines()
    assert "4 limits broken" in broken
    assert room == (
        "4 of 6 cues without a tag have room for one; `annotate --extend` would make room in 1 more."
    )


def test_width_counts_in_some_scripts() -> None:
    assert length("Abc", limits_for("ja")) == 1.5
    assert length("漢字", limits_for("ja")) == 2
    assert length("漢字", limits_for("en")) == 2
    assert length("e\u0301\u200b", limits_for("en")) == 1


def test_a_sound_cue_moves_no_blame(tmp_path: Path) -> None:
    """The cues behind it have other numbers in the file without tags."""
    words = [(0, 3_000, "Fine."), (7_000, 10_000, "x" * 40), (11_000, 14_000, "y" * 50)]
    plain = write_srt(tmp_path / "film.srt", words)
    made = annotation(plain.read_bytes())
    sound = SoundCue(4_000, 5_500, Sound.LAUGH, "[laughs]", 0.9)
    path = tmp_path / "film.emo.srt"
    replace(made, sound_cues=(sound,)).save(path)
    found = check_file(path, STYLE)
    assert len(parse_document(path.read_bytes(), path=path).cues) == 4
    assert [
        (one.cue.start_ms, one.by_tag)
        for one in found.violations
        if one.violation.limit is Limit.LINE
    ] == [(7_000, True), (11_000, False)]
