"""`annotate_films`: many films from a program, with progress and an end at any time."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

import subemo.batch
from subemo import BatchProgress, BatchSettings, FilmStatus, TagPolicy

from ..conftest import children, is_alive, wait_until, write_srt

EVERY = BatchSettings(policy=TagPolicy(policy=subemo.PolicyKind.EVERY))


@pytest.fixture
def films(film: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    for name in "abcd":
        shutil.copy(film, folder / f"{name}.mp4")
        write_srt(folder / f"{name}.srt", [(500, 3_500, f"I am {name}")])
    return folder


def left(folder: Path) -> set[str]:
    """The files that are neither films nor subtitles nor captions with their record."""
    names = {path.name for path in folder.iterdir()}
    return {name for name in names if len(name) > 5 and ".emo.srt" not in name}


def test_progress_goes_from_none_to_all(films: Path, tmp_path: Path) -> None:
    told: list[BatchProgress] = []
    state = tmp_path / "state"
    found = list(
        subemo.annotate_films([films], settings=EVERY, state=state, on_progress=told.append)
    )
    assert {one.status for one in found} == {FilmStatus.DONE}
    done = [one.done for one in told]
    assert done == sorted(done)
    assert (done[0], done[-1], {one.total for one in told}) == (0, 4, {4})
    assert {Path(film.video).name for one in told for film in one.running} <= {
        path.name for path in films.glob("*.mp4")
    }
    assert any(one.running for one in told)
    again = list(subemo.annotate_films([films], settings=EVERY, state=state))
    assert {one.status for one in again} == {FilmStatus.SKIPPED}


@pytest.mark.parametrize("workers", [1, 2])
def test_cancelled_by_another_thread_it_leaves_nothing(
    films: Path, tmp_path: Path, workers: int
) -> None:
    cancel, before = threading.Event(), children()
    begun: set[str] = set()

    def watch(progress: BatchProgress) -> None:
        begun.update(children() - before)
        if progress.running:
            threading.Thread(target=cancel.set).start()

    found = subemo.annotate_films(
        [films],
        output=tmp_path / "out",
        settings=EVERY,
        workers=workers,
        on_progress=watch,
        cancel=cancel.is_set,
    )
    outcomes = list(found)
    assert len(outcomes) < 4
    assert begun
    wait_until(lambda: not any(is_alive(int(one)) for one in begun), "the end of the workers")
    assert children() == before
    assert left(tmp_path / "out") <= {".subemo-batch"}
    assert list((tmp_path / "out" / ".subemo-batch" / "running").glob("*")) == []
    rest = list(subemo.annotate_films([films], output=tmp_path / "out", settings=EVERY))
    assert len(rest) == 4
    assert not {one.status for one in rest} & {FilmStatus.FAILED}


def test_old_names_stay() -> None:
    assert subemo.batch.Settings is BatchSettings


def test_a_closed_run_ends(films: Path, tmp_path: Path) -> None:
    before = children()
    found = subemo.annotate_films([films], output=tmp_path / "out", settings=EVERY, workers=2)
    next(found)
    found.close()
    assert children() == before
    assert left(tmp_path / "out") <= {".subemo-batch"}


def test_a_failure_names_the_film_as_it_was_given(
    films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(films.parent)
    (films / "broken.mp4").touch()
    found = list(subemo.annotate_films(["films/broken.mp4"], output="out"))
    assert [one.status for one in found] == [FilmStatus.FAILED]
    assert found[0].reason.startswith("films/broken.mp4: ")
