"""Publishing is a unit, whatever ends the studio: all files or none, and what was not written is said."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from subemo.core.errors import OutputError
from subemo.review import publishing
from subemo.review.publishing import Publication, publish
from subemo.review.session import Session

from ..conftest import ONNX_FILE, processes_about, wait_until, write_srt
from .sitting import heard_film
from .test_judged import LINES
from .test_server import post

MOMENTS = int(os.environ.get("SUBEMO_MOMENTS", "1"))
ALL = {"captions": "film.emo.srt", "mux": "film.emo.mkv", "burn": "film.emo.mp4"}
WRITTEN = {"film.emo.srt", "film.emo.srt.tags.json", "film.emo.mkv", "film.emo.mp4"}
#: The studio as a terminal's own command, which gets SIGHUP when the terminal is closed.
IN_TERMINAL = (
    "import fcntl, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "from subemo.__main__ import run\nrun()"
)


class Studio:
    """A studio of its own process, whose terminal can be closed."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.terminal, theirs = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", IN_TERMINAL, "review", str(folder / "film.mp4"),
             str(folder / "film.srt"), "--no-browser"],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**os.environ, "XDG_CACHE_HOME": str(home / "cache"), "TMPDIR": str(home)},
        )  # fmt: skip
        os.close(theirs)
        self.said = ""
        while "Ctrl-C to stop" not in self.said:
            assert self._read(), self.said
        line = next(line for line in self.said.splitlines() if "The studio:" in line)
        self.url = line.split("The studio: ")[1].split()[0]

    def end(self, how: signal.Signals | None) -> int:
        """Ends it by a signal, or by closing its terminal."""
        if how is None:
            os.close(self.terminal)
            return self.process.wait(120)
        self.process.send_signal(how)
        while self._read():
            pass
        os.close(self.terminal)
        return self.process.wait(120)

    def _read(self) -> str:
        try:
            said = os.read(self.terminal, 4_096).decode()
        except OSError:  # how Linux tells that nobody writes any more
            said = ""
        self.said += said
        return said


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(film: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(film.read_bytes())
    write_srt(folder / "film.srt", [(500, 3_500, "Get out!"), (6_500, 8_500, "No")])
    return folder


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, None])
def test_ended_at_any_moment(folder: Path, tmp_path: Path, how: signal.Signals | None) -> None:
    home = tmp_path / "home"
    home.mkdir()
    before = files_of(folder)
    generator, whole_s = random.Random(str(how)), 1.5
    stopped = attempts = 0
    while stopped < MOMENTS:
        attempts += 1
        assert attempts <= 20 * MOMENTS, "it was always done before it was ended"
        studio = Studio(folder, home)
        assert post(studio.url, "publish", ALL) == 200
        time.sleep(generator.uniform(0, whole_s))
        code = studio.end(how)
        after = files_of(folder)
        made = after.keys() - before.keys()
        assert made in (set(), WRITTEN), studio.said
        assert {name: after[name] for name in before} == before
        wait_until(lambda: not processes_about(folder), "nothing runs any more")
        assert [path.name for path in home.iterdir() if path.name not in ("cache", ONNX_FILE)] == []
        if how in (signal.SIGTERM, signal.SIGHUP):
            assert code == 128 + how
        if made:
            assert code == 0 or how != signal.SIGINT
            whole_s *= 0.7
        else:
            stopped += 1
            assert code != 0
            if how is not None:
                assert "publishing was stopped, and nothing of it was written" in studio.said
                assert all(name in studio.said for name in WRITTEN)
        for name in made:
            (folder / name).unlink()


def published(session: Session, content: Mapping[str, object]) -> None:
    publication = Publication.of(content, session.annotation)
    publish(session.annotation, publication, on_step=lambda _: None)


def test_one_that_fails_leaves_none(
    trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")
    before = files_of(tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise OutputError("some of the text could not be drawn")

    monkeypatch.setattr(publishing, "burn", fail)
    with pytest.raises(OutputError, match="not be drawn"):
        published(session, ALL)
    assert files_of(tmp_path) == before


def test_what_was_written_in_spite_of_an_error_is_said(
    trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program takes a name in the last moment."""
    session = Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")

    def take(_: Path, path: Path, **__: object) -> None:
        raise OutputError("the file already exists", path=path)

    monkeypatch.setattr(publishing, "place", take)
    with pytest.raises(OutputError) as caught:
        published(session, {**ALL, "burn": None})
    said = "film.emo.mkv: the file already exists; the rest was written (film.emo.srt, film.emo.srt.tags.json)"
    assert str(caught.value).endswith(said)
    assert not (tmp_path / "film.emo.mkv").exists() and (tmp_path / "film.emo.srt").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
