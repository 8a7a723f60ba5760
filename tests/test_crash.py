"""Ended, killed, without room, without leave, twice at once: whole files or none, and no litter.

Two moments of each command in the suite, so that each signal ends three commands; `make crash`
(``SUBEMO_MOMENTS=50``) has fifty.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from subemo.cli import main

from .conftest import ONNX_FILE, processes_about, wait_until, write_srt

MOMENTS = int(os.environ.get("SUBEMO_MOMENTS", "1"))
CUES = [(500, 3_500, "Get out!"), (6_500, 8_500, "No")]

#: What ends a run: one after the other.
ENDINGS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]

#: Imports what is slow, then runs the command again and again in children of its own.
_FORKS = """
import os, sys
import subemo.cli.captioning.annotate, subemo.cli.captioning.inputs, subemo.api, subemo.model.classifier, subemo.render, subemo.batch
import faster_whisper, ai_edge_litert.interpreter, joblib, moviepy
from subemo.cli import main
for line in sys.stdin:
    child = os.fork()
    if not child:
        code = 130  # Ctrl-C, before it is caught
        try:
            os.setsid()
            sys.stdin.close()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            code = main(line.rstrip("\\n").split("\\0"))
        finally:
            os._exit(code)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Forks:
    """Commands without the seconds that starting Python takes."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.scratch = cache / "scratch"
        self.scratch.mkdir()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _FORKS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "XDG_CACHE_HOME": str(cache / "cache"),
                "TMPDIR": str(self.scratch),
                "JOBLIB_TEMP_FOLDER": str(self.scratch),
            },
        )

    def run(
        self, arguments: list[str], after_s: float | None = None, number: int = signal.SIGKILL
    ) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        print("\0".join(arguments), file=self._process.stdin, flush=True)
        child = int(self._process.stdout.readline())
        if after_s is not None:
            time.sleep(after_s)
            with suppress(ProcessLookupError):
                os.kill(child, number)
        return int(self._process.stdout.readline())

    def forget(self) -> None:
        """Has the next run hear the films anew."""
        shutil.rmtree(self.cache / "cache", ignore_errors=True)

    def orphans(self) -> list[int]:
        """What runs still though its command does not."""
        return [pid for pid in processes_about(self.cache) if pid != self._process.pid]

    def left(self) -> list[Path]:
        """Temporary files that nobody has taken away."""
        return [path for path in self.scratch.iterdir() if path.name != ONNX_FILE]

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()


@pytest.fixture
def folder(film: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    for name in ("one", "two"):
        shutil.copy(film, folder / f"{name}.mp4")
        write_srt(folder / f"{name}.srt", CUES)
    return folder


def made(folder: Path) -> dict[str, bytes]:
    """All files but those that nobody is to see."""
    return {
        path.name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".") and ".subemo-batch" not in path.parts
        and path.suffix != ".csv"
    }  # fmt: skip


def litter(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*") if path.is_file()]


_ANNOTATE = ["annotate", "one.mp4", "one.srt", "-o", "out/a.srt", "--policy", "every"]
COMMANDS = {
    "annotate": [*_ANNOTATE, "--no-cache"],
    "mux": [*_ANNOTATE, "--no-cache", "--mux", "out/a.mkv"],
    "burn": [*_ANNOTATE, "--burn", "out/a.mp4"],
    "timeline": [*_ANNOTATE, "--timeline", "out/a.mp4"],
    "batch": ["batch", ".", "-o", "out", "--policy", "every"],
    "batch of two": ["batch", ".", "-o", "out", "--policy", "every", "--jobs", "2"],
}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("name", COMMANDS)
def test_ended_at_any_moment(folder: Path, forks: Forks, name: str) -> None:
    out = folder / "out"
    command = [part if part != "." else str(folder) for part in COMMANDS[name]]
    command = [str(folder / part) if part.startswith(("one.", "out")) else part for part in command]
    for _ in range(2):  # the first is slower, and would put most moments behind the end
        shutil.rmtree(out, ignore_errors=True)
        forks.forget()
        out.mkdir()
        started = time.monotonic()
        assert forks.run(command) == 0
        whole_s = time.monotonic() - started
    expected = made(out)
    assert expected
    generator = random.Random(name)
    first_signal = 2 * list(COMMANDS).index(name)
    ended = attempts = 0
    while ended < MOMENTS:
        attempts += 1
        assert attempts <= 20 * MOMENTS, "it was always done before it was ended"
        shutil.rmtree(out)
        forks.forget()
        out.mkdir()
        number = ENDINGS[(first_signal + ended) % len(ENDINGS)]
        started = time.monotonic()
        code = forks.run(command, generator.uniform(0, whole_s), number)
        # By the signal itself where it comes before the command line, or after it.
        assert code in (0, -number, 128 + number)
        if code == 0:  # the machine is faster now than when the whole run was timed
            whole_s = min(whole_s, time.monotonic() - started)
        ended += code != 0
        assert all(expected[file] == data for file, data in made(out).items())
        wait_until(lambda: not forks.orphans(), f"nothing runs after {number!r}")
        if number != signal.SIGKILL:
            assert forks.left() == []
            # A worker is killed, and has no time to clean up.
            assert name == "batch of two" or litter(out) == []
        # Whatever is there, the same command again makes the rest and cleans up.
        again = command if name.startswith("batch") else [*command, "--overwrite"]
        assert forks.run(again) == 0
        assert made(out) == expected
        assert litter(out) == []
        assert forks.left() == []
        wait_until(lambda: not forks.orphans(), "nothing runs after the end")


@contextmanager
def file_system(place: Path, options: str) -> Iterator[Path]:
    """One of its own, in memory."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs leave to mount a file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


class TestNoRoom:
    """A disk that is full: a file system of 100 kB."""

    @pytest.fixture
    def small(self, tmp_path: Path) -> Iterator[Path]:
        with file_system(tmp_path / "small", "size=64k") as place:
            (place / "ballast").write_bytes(bytes(56 * 1024))
            yield place

    @pytest.mark.parametrize("options", [["-o", "a.json"], ["-o", "../a.srt", "--mux", "a.mkv"]])
    def test_annotate(
        self, folder: Path, small: Path, options: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = [str(small / part) if part.endswith(("json", "mkv", "srt")) else part
                   for part in options]  # fmt: skip
        subs = write_srt(folder / "many.srt", [(i * 90, i * 90 + 90, "x" * 90) for i in range(100)])
        assert main(["annotate", str(folder / "one.mp4"), str(subs), *options, "--no-cache"]) == 1
        complaint = capsys.readouterr().err
        assert complaint.splitlines()[-1].startswith("subemo: error: ")
        assert "No space left" in complaint
        assert {path.name for path in small.iterdir()} == {"ballast"}
        assert not (small.parent / "a.srt").exists()

    def test_batch(self, folder: Path, small: Path, tmp_path: Path) -> None:
        (small / "ballast").write_bytes(bytes(64 * 1024))
        home = ["--results", str(tmp_path / "results.csv"), "--state", str(tmp_path / "state")]
        command = ["batch", str(folder), "-o", str(small), *home]
        assert main(command) == 1
        assert (tmp_path / "results.csv").read_text().count("failed,") == 2
        assert "No space left" in (tmp_path / "results.csv").read_text()
        assert {path.name for path in small.iterdir()} == {"ballast"}
        (small / "ballast").unlink()
        assert main(command) == 0
        assert len(made(small)) == 4

    def test_a_cache_without_room_costs_nothing_else(
        self,
        folder: Path,
        small: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (small / "ballast").write_bytes(bytes(64 * 1024))
        monkeypatch.setenv("XDG_CACHE_HOME", str(small))
        out = folder / "a.srt"
        assert (
            main(["annotate", str(folder / "one.mp4"), str(folder / "one.srt"), "-o", str(out)])
            == 0
        )
        assert out.exists()
        assert "could not cache the analysis" in capsys.readouterr().err


class TestReadOnly:
    @pytest.fixture
    def locked(self, tmp_path: Path) -> Iterator[Path]:
        with file_system(tmp_path / "locked", "ro,size=64k") as place:
            yield place

    @pytest.mark.parametrize(
        "options", [["-o", "a.srt"], ["-o", "../a.srt", "--mux", "a.mkv"], ["--plot", "a.png"]]
    )
    def test_annotate(
        self, folder: Path, locked: Path, options: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = [str(locked / part) if part[:1] != "-" else part for part in options]
        command = ["annotate", str(folder / "one.mp4"), str(folder / "one.srt"), *options]
        before = made(folder)
        assert main(command) == 1
        complaint = capsys.readouterr().err
        assert complaint.count("\n") == 1
        assert "this folder is not writable" in complaint
        assert made(folder) == before
        assert not (locked.parent / "a.srt").exists()

    def test_batch(
        self, folder: Path, locked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        home = ["--results", str(tmp_path / "results.csv"), "--state", str(tmp_path / "state")]
        assert main(["batch", str(folder), "-o", str(locked), *home]) == 1
        assert "this folder is not writable" in (tmp_path / "results.csv").read_text()
        assert main(["batch", str(folder), "-o", str(locked)]) == 1
        assert capsys.readouterr().err.splitlines()[-1].startswith("subemo: error: ")

    def test_review(self, folder: Path, locked: Path, capsys: pytest.CaptureFixture[str]) -> None:
        command = ["review", str(folder / "one.mp4"), str(folder / "one.srt")]
        assert main([*command, "-o", str(locked / "a.html")]) == 1
        assert "this folder is not writable" in capsys.readouterr().err


class TestTwoAtOnce:
    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "subemo", *map(str, arguments)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_annotate(self, folder: Path, tmp_path: Path) -> None:
        command: list[str | Path] = ["annotate", folder / "one.mp4", folder / "one.srt"]
        command += ["--policy", "every"]
        assert main([str(part) for part in [*command, "-o", tmp_path / "a.srt"]]) == 0
        expected = made(tmp_path)
        both = [self.start(*command, "-o", folder / "a.srt") for _ in range(2)]
        complaints = [process.communicate()[1] for process in both]
        assert sorted(process.returncode for process in both) in ([0, 0], [0, 1])
        for process, complaint in zip(both, complaints, strict=True):
            assert (process.returncode == 1) == ("already exists" in complaint)
        assert (folder / "a.srt").read_bytes() == expected["a.srt"]
        assert litter(folder) == []

    def test_batch(self, folder: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        command: list[str | Path] = ["batch", folder, "-o", out, "--policy", "every"]
        both = [self.start(*command) for _ in range(3)]
        printed = [process.communicate() for process in both]
        assert [process.returncode for process in both] == [0, 0, 0], printed
        found = made(out)
        shutil.rmtree(out)
        assert main([str(part) for part in command]) == 0
        assert made(out) == found
        assert litter(out) == []
