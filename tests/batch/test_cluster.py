"""Dask, for real: a scheduler and two worker processes, one of them killed in the middle."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from subemo.batch import BatchSettings, Ledger, find_films, make_jobs, run
from subemo.core.errors import SubemoError
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..conftest import write_srt
from .test_batch import captions

EVERY = BatchSettings(policy=TagPolicy(policy=PolicyKind.EVERY))
FILMS = 8


@pytest.fixture
def archive(film: Path, tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    root.mkdir()
    for number in range(FILMS):
        path = root / f"film{number}.mp4"
        shutil.copy(film, path)
        write_srt(path.with_suffix(".srt"), [(500, 3_500, f"Line {number}"), (6_500, 8_500, "No")])
    return root


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, and its two workers."""
    file = tmp_path / "scheduler.json"
    processes = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            cwd=tmp_path,
        )  # fmt: skip
        processes.append(process)
        return process

    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
          "--no-show", "--scheduler-file", str(file))  # fmt: skip
    workers = [
        start("dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--local-directory", str(tmp_path / f"worker{n}"))
        for n in range(2)
    ]  # fmt: skip
    deadline = time.monotonic() + 60
    while not file.exists() or not file.stat().st_size:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    import json

    yield json.loads(file.read_text())["address"], workers
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# What Dask leaves to the garbage collector when its cluster is taken away from it.
@pytest.mark.filterwarnings("ignore")
def test_a_worker_is_killed_and_nothing_is_lost(
    archive: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    jobs = make_jobs(find_films([archive]), EVERY)
    expected_out = tmp_path / "expected"
    straight = make_jobs(find_films([archive]), EVERY, output=expected_out)
    assert {one.status.value for one in run(straight, Ledger(tmp_path / "a"))} == {"done"}

    ledger = Ledger(tmp_path / "state")
    found = []
    for outcome in run(jobs, ledger, scheduler=address):
        found.append(outcome)
        if len(found) == 2:
            os.killpg(workers[0].pid, signal.SIGKILL)
    assert len(found) == FILMS
    assert {one.video.name for one in found} == {f"film{n}.mp4" for n in range(FILMS)}
    # A film whose worker died after writing is found done by the other: nothing is done twice.
    assert {one.status.value for one in found} <= {"done", "done before"}
    assert captions(archive) == captions(expected_out)
    assert {one.status.value for one in run(jobs, ledger)} == {"done before"}


def test_no_scheduler_there(archive: Path, tmp_path: Path) -> None:
    jobs = make_jobs(find_films([archive]), EVERY)
    with pytest.raises(SubemoError, match="no Dask scheduler responds"):
        list(run(jobs, Ledger(tmp_path / "state"), scheduler="tcp://127.0.0.1:1"))
