from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.batch import Outcome, results_csv
from subemo.batch.outcome import FilmStatus
from subemo.core.emotions import Emotion
from subemo.core.tables import Figure, cell, cell_text, csv_table, tsv_rows, tsv_table
from subemo.research.corpora import Clip
from subemo.research.corpora.layouts import combined_table, read_table


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "'="])
def test_no_cell_is_a_formula(start: str) -> None:
    written = cell(f"{start}1+1.mp4")
    assert written == f"'{start}1+1.mp4"
    assert cell_text(written) == f"{start}1+1.mp4"


@given(st.text(st.sampled_from("'=+-@\t\r\na,\"")))
def test_any_text_comes_back_and_is_no_formula(text: str) -> None:
    written = cell(text)
    assert written[:1] not in tuple("=+@\t\r\n")
    assert not written.startswith("-") or len(written.split()) > 1
    assert cell_text(written) == text
    ((read,),) = csv.reader(io.StringIO(csv_table([[text]]), newline=""))
    assert cell_text(read) == text


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "- cmd|' /C calc'!A0 please", "-2+3", "-A1 + B2",
     "+1", "@SUM(A1)", "-SUM(A1) and more", "-Yes", "- Yes - no", "-'Other sheet'!A1 is it", "-.5 a",
     "-Sheet!A1 is it", "-(1) a", "--1 a", "-\"a\" & b", "－1+1"],
)  # fmt: skip
def test_formulas_are_texts(text: str) -> None:
    assert cell(text) == f"'{text}"
    (row,) = tsv_rows(tsv_table([("text",), (text,)]))
    assert (row["text"], cell_text(cell(text))) == (text, text)


@pytest.mark.parametrize(
    "text",
    ["- No, wait!", "- Yes?\n- No.", "-Who's there (at the door)?", "- ¿Qué pasa?", "-Но я не знаю.",
     "-♪ La la ♪", "- It costs 5+5 dollars.", "'Tis late", "film-1.mp4", "- Get out! Now!"],
)  # fmt: skip
def test_a_dialogues_dash_stays(text: str) -> None:
    assert cell(text) == text
    (row,) = tsv_rows(tsv_table([("text",), (text,)]))
    assert row["text"] == text


@given(st.text(st.sampled_from("'=+-@\t\r\na, !|(\\n\"")))
def test_any_text_comes_back_from_tsv(text: str) -> None:
    written = tsv_table([("start", "text"), (1, text)])
    assert list(tsv_rows(written)) == [{"start": "1", "text": text}]


def test_numbers_are_no_formulas() -> None:
    assert csv_table([[-1, -0.5, Figure("-0.50"), "x"]]) == "-1,-0.5,-0.50,x\n"


def test_the_results_of_a_film_with_such_a_name() -> None:
    name = "=HYPERLINK(1).mp4"
    outcome = Outcome(
        Path(name), FilmStatus.FAILED, f"{name}: not a film", Path("-out.srt"), "@subs"
    )
    (row,) = csv.DictReader(results_csv([outcome]).decode().splitlines())
    assert row["film"] == f"'{name}"
    assert row["reason"].startswith("'=")
    assert row["captions"] == "'-out.srt"
    assert row["subtitles"] == "'@subs"


def test_a_table_of_clips_is_read_again(tmp_path: Path) -> None:
    clip = Clip(Path("=clip.wav"), Emotion.SAD, "@who", None, "mine", "+1")
    path = tmp_path / "table.csv"
    path.write_text(combined_table([clip]))
    columns = set(path.read_text().splitlines()[0].split(","))
    ((_, row),) = read_table(path, required=columns, known=columns)
    assert (row["path"], row["speaker"], row["statement"]) == ("=clip.wav", "@who", "+1")
    assert "'=clip.wav,mine,'@who" in path.read_text()
