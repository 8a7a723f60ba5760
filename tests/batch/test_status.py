from __future__ import annotations

from pathlib import Path

import pytest

from subemo.batch import BatchStatus
from subemo.core.progress import Step


def test_a_film_is_on_it_while_it_is_in_work(tmp_path: Path) -> None:
    status = BatchStatus(tmp_path / "running")
    assert status.running() == []
    with status.entry(Path("b.mp4")), status.entry(Path("a.mp4")):
        assert [one.video for one in status.running()] == ["a.mp4", "b.mp4"]
        assert status.running()[0].step == Step("starting", 0, None)
    assert status.running() == []
    assert list(status.folder.iterdir()) == []


def test_progress_is_seen_at_most_twice_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    status = BatchStatus(tmp_path)
    with status.entry(Path("a.mp4")) as on_step:
        on_step(Step("listening", 1, 100))
        assert status.running()[0].step.stage == "starting"
        now = 0.5
        on_step(Step("listening", 2, 100))
        assert status.running()[0].step == Step("listening", 2, 100)


def test_a_failure_takes_it_off(tmp_path: Path) -> None:
    status = BatchStatus(tmp_path)
    try:
        with status.entry(Path("a.mp4")):
            raise ValueError
    except ValueError:
        pass
    assert status.running() == []


def test_what_cannot_be_written_or_read_harms_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "running"
    taken.write_text("a file")
    with BatchStatus(taken).entry(Path("a.mp4")) as on_step:
        on_step(Step("listening", 1, 2))
    status = BatchStatus(tmp_path)
    for number, content in enumerate([b"", b"[]", b"{}", b'{"video": 1, "step": {"x": 1}}']):
        (tmp_path / str(number)).write_bytes(content)
    assert status.running() == []
    status.clear()
    assert list(tmp_path.iterdir()) == []
