from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.cli import terminal
from subemo.cli.terminal import progress, table, written_line
from subemo.core.printable import plain
from subemo.core.progress import Step

from ..conftest import write_srt


@given(st.text())
def test_plain_text_is_one_printable_line(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert all(character.isprintable() for character in shown)


def test_names_of_files_cannot_steer_the_terminal() -> None:
    assert written_line(Path("e\x1b[31mred.srt"), Path("a\r\nb")) == "Written: e·[31mred.srt, a  b"


@given(st.lists(st.lists(st.text(max_size=9), min_size=3, max_size=3), min_size=1), st.booleans())
def test_a_table_that_fits_is_laid_out_as_rich_does(
    rows: list[list[str]], has_titles: bool
) -> None:
    columns = (">time", "", "limit") if has_titles else (">", "", "")
    folded = terminal._wrapped(columns, [[plain(cell) for cell in row] for row in rows])
    assert table(columns, rows) == folded


def test_a_long_table_is_not_left_to_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_wrapped", lambda *_: "folded")
    wide = ["x" * 100, "y" * 100]
    assert table(("", ""), [wide]) == "folded"
    assert table(("", ""), [wide] * 5_000).splitlines() == ["  ".join(wide)] * 5_000


def test_notes_reach_a_pipe_and_bars_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(notes=True) as on_step:
        on_step(Step("report", 1, 50))
        on_step(Step("report", 2, 50, "epoch 2: good"))
    with progress() as on_step:
        on_step(Step("listening", 1, 50, "unseen"))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "report: epoch 2: good\n"


def on_a_terminal(*arguments: str | Path) -> tuple[str, str]:
    """Runs the command under a terminal: what its standard error and its output show."""
    leader, follower = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        # A terminal that nobody reads would make the command wait.
        while not shown or not shown[-1].endswith(b"END"):
            shown.append(os.read(leader, 100_000))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    done = subprocess.run(
        [sys.executable, "-m", "subemo", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=follower, check=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.write(follower, b"END")
    reader.join()
    return b"".join(shown).decode(), done.stdout.decode()


def test_a_bar_on_a_terminal(film: Path, tmp_path: Path) -> None:
    """The bar is on standard error and is wiped at the end."""
    out = tmp_path / "a.srt"
    bars, printed = on_a_terminal(
        "annotate", film, "-o", out, "--split", "silence", "--no-transcribe", "--all"
    )
    assert "extracting features" in bars
    assert "detecting silence" in bars
    assert "extracting features" not in printed
    assert "cues" in printed


def test_a_bar_for_each_film_in_work(film: Path, tmp_path: Path) -> None:
    for name in ("[b]one.mp4", "two.mp4"):
        (tmp_path / name).symlink_to(film)
        write_srt((tmp_path / name).with_suffix(".srt"), [(500, 3_500, "Get out!")])
    bars, printed = on_a_terminal("batch", tmp_path, "--jobs", "2", "-o", tmp_path / "out")
    assert "films" in bars
    # How far each was when it was looked at depends on the machine.
    assert "[b]one.mp4: " in bars
    assert "two.mp4: " in bars
    assert "2/2" in bars
    assert "starting" not in printed
    assert list((tmp_path / "out" / ".subemo-batch" / "running").glob("*")) == []
