"""Room for temporary files: private, locked, and taken away after a kill."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from subemo.core.errors import OutputError
from subemo.core.files import scratch, sweep_scratch

HOLD = (
    "import sys; from subemo.core.files import scratch\n"
    "with scratch() as folder:\n"
    "    (folder / 'film').write_bytes(b'x'); print(folder, flush=True); sys.stdin.read()\n"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return place


def holder(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that holds a folder, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert folder.parent == place
    return process, folder


def test_it_is_private_and_taken_away(place: Path) -> None:
    with scratch() as folder:
        assert folder.parent == place
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "film").touch()
        with scratch() as other:
            assert other != folder
    assert list(place.iterdir()) == []


def test_also_after_a_failure(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch() as folder:
        (folder / "film").touch()
        raise KeyboardInterrupt
    assert list(place.iterdir()) == []


def test_the_next_run_takes_away_what_a_killed_one_left(place: Path) -> None:
    process, folder = holder(place)
    sweep_scratch()
    with scratch():
        assert (folder / "film").exists()  # it is in use
    process.kill()
    process.communicate()
    assert (folder / "film").exists()
    sweep_scratch()
    assert list(place.iterdir()) == []


def test_only_what_is_ours_is_taken_away(place: Path, tmp_path: Path) -> None:
    process, folder = holder(place)
    process.kill()
    process.communicate()
    theirs = [
        place / "subemo-ffffffff-host",  # another machine's
        place / "other",
        place / f"{folder.name}-link",
        place / f"{folder.name}-file",
    ]
    theirs[0].mkdir()
    theirs[1].mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "film").touch()
    theirs[2].symlink_to(tmp_path / "mine")
    theirs[3].touch()
    sweep_scratch()
    assert set(place.iterdir()) == set(theirs)
    assert (tmp_path / "mine" / "film").exists()


def test_no_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(OutputError, match="No space left"), scratch():
        pass


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
def test_no_lock_is_left_open(place: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with scratch():
        pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before
