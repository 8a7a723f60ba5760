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

from subemo.progress import Step
from subemo.terminal import plain, progress


@given(st.text())
def test_plain_text_is_one_printable_line(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert all(character.isprintable() for character in shown)


def test_notes_reach_a_pipe_and_bars_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(notes=True) as on_step:
        on_step(Step("report", 1, 50))
        on_step(Step("report", 2, 50, "epoch 2: good"))
    with progress() as on_step:
        on_step(Step("listening", 1, 50, "unseen"))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "report: epoch 2: good\n"


def test_a_bar_on_a_terminal(film: Path, tmp_path: Path) -> None:
    """The command under a terminal: the bar is on standard error and is wiped at the end."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "subemo", "annotate", str(film), "-o", str(tmp_path / "a.srt")]
    command += ["--split", "silence", "--no-transcribe"]
    shown: list[bytes] = []

    def read() -> None:
        # A terminal that nobody reads would make the command wait.
        while not shown or not shown[-1].endswith(b"END"):
            shown.append(os.read(leader, 100_000))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=follower, check=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.write(follower, b"END")
    reader.join(timeout=10)
    text = b"".join(shown).decode()
    assert "listening" in text
    assert "finding silence" in text
    assert b"listening" not in done.stdout
    assert b"cues" in done.stdout
