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
    taken.unlink()
    status = BatchStatus(tmp_path)
    for number, content in enumerate([b"", b"[]", b"{}", b'{"video": 1, "step": {"x": 1}}']):
        (tmp_path / f"{number:064x}").write_bytes(content)
    assert status.running() == []
    status.clear()
    assert list(tmp_path.iterdir()) == []


def test_what_no_batch_has_written_stays(tmp_path: Path) -> None:
    kept = [tmp_path / "report.txt", tmp_path / ("d" * 63)]
    for path in kept:
        path.write_text("mine")
    target = tmp_path / "thesis"
    target.write_text("mine")
    (tmp_path / ("c" * 64)).symlink_to(target)
    BatchStatus(tmp_path).clear()
    assert all(path.exists() for path in [*kept, target])


@pytest.mark.parametrize("is_inner", [True, False])
def test_a_link_leads_nowhere(tmp_path: Path, is_inner: bool) -> None:
    theirs = tmp_path / "theirs"
    inside = theirs if is_inner else theirs / "running"
    inside.mkdir(parents=True)
    (inside / ("a" * 64)).write_text("mine")
    state = tmp_path / "state"
    if is_inner:
        state.mkdir()
        (state / "running").symlink_to(theirs)
    else:
        state.symlink_to(theirs)
    status = BatchStatus(state / "running")
    status.clear()
    with status.entry(Path("a.mp4")) as on_step:
        on_step(Step("listening", 1, 2))
    assert [path.name for path in inside.iterdir()] == ["a" * 64]
