from __future__ import annotations

from pathlib import Path

import pytest

from subemo.batch import StatusBoard
from subemo.core.progress import Step


def test_a_film_is_on_it_while_it_is_in_work(tmp_path: Path) -> None:
    board = StatusBoard(tmp_path / "running")
    assert board.running() == []
    with board.entry(Path("b.mp4")), board.entry(Path("a.mp4")):
        assert [one.video for one in board.running()] == ["a.mp4", "b.mp4"]
        assert board.running()[0].step == Step("starting", 0, None)
    assert board.running() == []
    assert list(board.folder.iterdir()) == []


def test_progress_is_seen_at_most_twice_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    board = StatusBoard(tmp_path)
    with board.entry(Path("a.mp4")) as on_step:
        on_step(Step("listening", 1, 100))
        assert board.running()[0].step.stage == "starting"
        now = 0.5
        on_step(Step("listening", 2, 100))
        assert board.running()[0].step == Step("listening", 2, 100)


def test_a_failure_takes_it_off(tmp_path: Path) -> None:
    board = StatusBoard(tmp_path)
    try:
        with board.entry(Path("a.mp4")):
            raise ValueError
    except ValueError:
        pass
    assert board.running() == []


def test_what_cannot_be_written_or_read_harms_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "running"
    taken.write_text("a file")
    with StatusBoard(taken).entry(Path("a.mp4")) as on_step:
        on_step(Step("listening", 1, 2))
    board = StatusBoard(tmp_path)
    for number, content in enumerate([b"", b"[]", b"{}", b'{"video": 1, "step": {"x": 1}}']):
        (tmp_path / str(number)).write_bytes(content)
    assert board.running() == []
    board.clear()
    assert list(tmp_path.iterdir()) == []
