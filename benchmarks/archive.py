"""An archive of ten-minute films: their cost in sequence and in parallel, new and finished.

python -m benchmarks.archive [FOLDER]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .measuring import Cost, measure

FILMS = 12
MINUTES = 10


def main(folder: Path) -> None:
    """Measures everything; every run has its own cache and ledger."""
    subprocess.run([sys.executable, "-m", "benchmarks.film", str(folder)], check=True)
    archive = _archive(folder)
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")  # the workers' too
    for model in ("report-crnn", "subemo-crnn"):
        for jobs in (1, 2, 4):
            _forget(folder)
            _report(f"{model}, --jobs {jobs}", _batch(folder, archive, model, "--jobs", str(jobs)))
        _report("  done before", _batch(folder, archive, model))
        _report("  another format, cached", _batch(folder, archive, model, "--format", "vtt"))
        print(
            f"  {_size(folder / 'out' / '.subemo-batch') / FILMS / 1000:.1f} kB of ledger and "
            f"{_size(folder / 'cache') / FILMS / 1000:.1f} kB of cache a film, which is itself "
            f"{_size(archive) / FILMS / 1e6:.0f} MB"
        )
        _forget(folder)
        with _cluster() as address:
            cost = _batch(folder, archive, model, "--scheduler", address)
            _report(f"{model}, Dask, 2 workers (CPU: the client)", cost)


def _archive(folder: Path) -> Path:
    """Films with the same sound but different bytes, so that none hits another's cache entry."""
    archive = folder / "archive"
    if archive.exists():
        return archive
    made = folder / "archive.tmp"
    made.mkdir()
    for number in range(FILMS):
        film = made / f"film-{number}.mp4"
        shutil.copy(folder / "reel.mp4", film)
        with film.open("ab") as file:
            file.write((16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big"))
        shutil.copy(folder / "reel.srt", film.with_suffix(".srt"))
    return made.rename(archive)


def _batch(folder: Path, archive: Path, model: str, *options: str) -> Cost:
    program: list[str | Path] = [
        sys.executable,
        "-m",
        "subemo",
        "batch",
        archive,
        "-o",
        folder / "out",
    ]
    return measure(*program, "--model", model, *options)


def _forget(folder: Path) -> None:
    for name in ("out", "cache"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _report(name: str, cost: Cost) -> None:
    hours = FILMS * MINUTES / 60
    print(
        f"{name:<34} {cost.seconds:7.1f} s: {hours * 3_600 / cost.seconds:6.0f} hours of film an hour, "
        f"{cost.cpu_seconds / hours:7.1f} CPU s an hour of film, {cost.peak_mb:5.0f} MB",
        flush=True,
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def _cluster() -> Iterator[str]:
    """A scheduler and two workers with one thread each, as separate processes."""
    from distributed import LocalCluster

    cluster_of: Any = LocalCluster
    with cluster_of(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield str(cluster.scheduler_address)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/bench"))
