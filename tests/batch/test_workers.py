"""Workers that die: the film at which one died has failed, and the others go on."""

from __future__ import annotations

import faulthandler
import os
import pickle
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from subemo.batch import (
    BatchSettings,
    BatchStatus,
    Job,
    Ledger,
    Outcome,
    find_films,
    make_jobs,
    run,
)
from subemo.batch.run import in_worker
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..conftest import children, is_alive, wait_until, write_srt

EVERY = BatchSettings(policy=TagPolicy(policy=PolicyKind.EVERY))
#: How a worker dies at the film of this name, and what is said about it.
DEATHS = {
    "b-kill": "its worker was ended (SIGKILL), perhaps for want of memory",
    "c-exit": "its worker was ended (exit code 9)",
    "d-segfault": "its worker was ended (SIGSEGV)",
    "e-abort": "its worker was ended (SIGABRT)",
}
SOUND = ("a-first", "f-last", "g-last")


@pytest.fixture
def jobs(film: Path, tmp_path: Path) -> list[Job]:
    for name in (*DEATHS, *SOUND):
        shutil.copy(film, tmp_path / f"{name}.mp4")
        write_srt(tmp_path / f"{name}.srt", [(500, 3_500, f"I am {name}")])
    return make_jobs(find_films([tmp_path]), EVERY)


def deadly() -> Callable[[bytes], bytes]:
    """A worker that dies at some films."""
    annotate = in_worker()

    def answer(request: bytes) -> bytes:
        name = pickle.loads(request)[0].video.stem
        match name:
            case "b-kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "c-exit":
                os._exit(9)
            case "d-segfault":
                faulthandler._sigsegv()  # type: ignore[attr-defined]
            case "e-abort":
                os.abort()
        return annotate(request)

    return answer


def found(outcomes: list[Outcome]) -> dict[str, tuple[str, str]]:
    return {one.video.stem: (one.status.value, one.reason) for one in outcomes}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_film_has_failed_and_the_others_go_on(
    jobs: list[Job], tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["subemo.batch.run"], "_WORKER", f"{__name__}:deadly")
    ledger, before = Ledger(tmp_path / "state"), children()
    status = BatchStatus(tmp_path / "state" / "running")
    failed = {name: ("failed", reason) for name, reason in DEATHS.items()}
    for state in ("done", "done before"):
        outcomes = list(run(jobs, ledger, workers=workers, status=status))
        assert found(outcomes) == {**failed, **dict.fromkeys(SOUND, (state, ""))}
        assert status.running() == []
    for name in SOUND:
        assert (tmp_path / f"{name}.emo.srt").exists()
    assert children() == before
    # Where the cause is gone, they are done.
    monkeypatch.undo()
    again = found(list(run(jobs, ledger, workers=workers)))
    assert {name: again[name][0] for name in DEATHS} == dict.fromkeys(DEATHS, "done")


def test_a_worker_that_cannot_be_started(
    jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys.modules["subemo.batch.run"], "_WORKER", "subemo.batch.run:no_such_thing"
    )
    outcomes = list(run(jobs[:2], Ledger(tmp_path / "state"), workers=2))
    assert {one.reason for one in outcomes} == {"its worker was ended (exit code 1)"}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_that_is_given_up_leaves_no_process(
    jobs: list[Job], tmp_path: Path, workers: int
) -> None:
    before = children()
    running = run(jobs, Ledger(tmp_path / "state"), workers=workers)
    next(running)
    begun = [int(process) for process in children() - before]
    assert begun
    running.close()
    wait_until(lambda: not any(map(is_alive, begun)), "the end of the workers")
    assert children() == before
