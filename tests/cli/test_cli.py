from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import subemo
from subemo.cli import main
from subemo.features import encoder
from subemo.media import ffmpeg_executable
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle

from ..conftest import (
    ONNX_FILE,
    ROOT,
    processes_about,
    run_ffmpeg,
    silence,
    speechlike,
    wait_until,
    write_srt,
    write_wav,
)


@pytest.fixture
def subs(tmp_path: Path) -> Path:
    return write_srt(tmp_path / "subs.srt", [(500, 2_500, "Hello"), (6_500, 8_500, "Bye")])


FULL = Path("/dev/full")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class TestAnnotate:
    def test_output_lies_beside_the_subtitles(
        self, film: Path, subs: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["annotate", str(film), str(subs), "--all", "--verbose"]) == 0
        written = subs.with_name("subs.emo.srt").read_text()
        plain = subs.read_text()
        lines = [a for a in written.splitlines() if a not in plain.splitlines()]
        assert len(lines) == 2
        assert lines[0].startswith("[")
        assert lines[0].endswith("] Hello")
        printed = capsys.readouterr()
        assert "00:00:00.500  [" in printed.out
        assert "× real time" in printed.out
        assert "cues" in printed.out
        assert printed.err == ""

    def test_json(self, film: Path, subs: Path, tmp_path: Path) -> None:
        out = tmp_path / "out.json"
        assert main(["annotate", str(film), str(subs), "--format", "json", "-o", str(out)]) == 0
        content = json.loads(out.read_text())
        assert content["model"] == DEFAULT_MODEL
        assert content["adapted_on_cues"] == 2
        first, second = content["cues"]
        assert (first["start"], first["end"], first["text"]) == (500, 2_500, "Hello")
        assert len(second["probabilities"]) == 8
        assert sum(second["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert second["reason"]
        assert second["emotion"] in second["probabilities"]

    def test_adapt(self, film: Path, subs: Path, tmp_path: Path) -> None:
        answers = []
        for adapt in ("none", "film"):
            out = tmp_path / f"{adapt}.json"
            options = ["--format", "json", "--adapt", adapt, "-o", str(out)]
            assert main(["annotate", str(film), str(subs), *options]) == 0
            content = json.loads(out.read_text())
            assert content["adaptation"] == adapt
            answers.append([cue["probabilities"] for cue in content["cues"]])
        assert answers[0] != answers[1]

    def test_without_subtitles(self, film: Path, tmp_path: Path) -> None:
        copy = Path(shutil.copy(film, tmp_path / "film.mp4"))
        assert main(["annotate", str(copy), "--all", "--split", "silence", "--no-transcribe"]) == 0
        assert "-->" in (tmp_path / "film.emo.srt").read_text()

    def test_min_confidence(
        self, film: Path, subs: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["annotate", str(film), str(subs), "--min-confidence", "1"]) == 0
        assert subs.with_name("subs.emo.srt").read_bytes() == subs.read_bytes()

    def test_warnings_name_file_and_line_and_the_job_goes_on(
        self, film: Path, subs: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = subs.read_text() + "\n3\n00:00:oops --> 00:00:09,000\nDéjà vu, à bientôt\n"
        subs.write_bytes(text.encode("cp1252"))
        assert main(["annotate", str(film), str(subs), "--all"]) == 0
        warnings = capsys.readouterr().err.splitlines()
        assert len(warnings) == 2
        assert "(set --encoding to override)" in warnings[0]
        assert f"{subs}:10: cannot read the times" in warnings[1]
        assert "Déjà vu".encode("cp1252") in subs.with_name("subs.emo.srt").read_bytes()

    def test_text_cannot_steer_the_terminal(
        self, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        evil = "\x1b]0;owned\x07 [red]x[/red] \u202eabc <script>"
        subs = write_srt(tmp_path / "evil.srt", [(0, 2_000, evil)])
        assert main(["annotate", str(film), str(subs), "-v", "--all"]) == 0
        printed = capsys.readouterr().out
        assert "\x1b" not in printed
        assert "\u202e" not in printed
        assert "[red]x[/red]" in printed
        assert evil.encode() in subs.with_name("evil.emo.srt").read_bytes()


class TestFailures:
    """One line that says what is wrong, exit code 1, and nothing written."""

    @pytest.fixture(autouse=True)
    def _nothing_is_written(self, tmp_path: Path, subs: Path) -> None:
        self.folder = tmp_path
        self.subs = subs

    def fails(self, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
        before = names(self.folder)
        assert main(["annotate", *map(str, arguments)]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert printed.err.startswith("subemo: error: ")
        assert "Traceback" not in printed.err
        assert names(self.folder) == before
        return printed.err

    def test_no_such_film(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert "none.mp4: no such file" in self.fails(capsys, "none.mp4", self.subs)

    def test_not_a_film(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = self.folder / "film.mp4"
        path.write_bytes(os.urandom(5_000))
        assert "not a readable film" in self.fails(capsys, path, self.subs)

    def test_no_sound(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = self.folder / "mute.mp4"
        run_ffmpeg("-f", "lavfi", "-i", "color=s=64x36:d=1", path)
        assert "no audio track" in self.fails(capsys, path, self.subs)

    def test_no_such_track(self, film: Path, capsys: pytest.CaptureFixture[str]) -> None:
        message = self.fails(capsys, film, self.subs, "--audio-stream", "2")
        assert "no audio track 2" in message

    @pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\x03" * 50])
    def test_subtitles_that_are_none(
        self, film: Path, data: bytes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.subs.write_bytes(data)
        assert "subs.srt: this" in self.fails(capsys, film, self.subs)

    def test_output_exists(self, film: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = self.folder / "out.srt"
        out.write_text("precious")
        assert "--overwrite" in self.fails(capsys, film, self.subs, "-o", out)
        assert out.read_text() == "precious"

    def test_output_is_the_model(
        self, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        model = tmp_path / "model"
        shutil.copytree(find_bundle("report-crnn"), model)
        before = (model / "model.json").read_bytes()
        options: list[str | Path] = ["--model", model, "-o", model / "model.json"]
        options += ["--format", "json", "--overwrite"]
        assert "this is an input" in self.fails(capsys, film, self.subs, *options)
        assert (model / "model.json").read_bytes() == before

    def test_output_is_an_input(self, film: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = self.subs.read_bytes()
        message = self.fails(capsys, film, self.subs, "-o", self.subs, "--overwrite")
        assert "an input" in message
        assert self.subs.read_bytes() == before

    def test_output_folder_missing(self, film: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = self.folder / "none" / "out.srt"
        assert "the folder does not exist" in self.fails(capsys, film, self.subs, "-o", out)

    def test_no_such_model(self, film: Path, capsys: pytest.CaptureFixture[str]) -> None:
        message = self.fails(capsys, film, self.subs, "--model", "nothing")
        assert "report-crnn" in message

    def test_altered_model(self, film: Path, capsys: pytest.CaptureFixture[str]) -> None:
        copy = Path(shutil.copytree(find_bundle("report-crnn"), self.folder / "model"))
        with (copy / "model.tflite").open("ab") as file:
            file.write(b"x")
        assert "SHA-256" in self.fails(capsys, film, self.subs, "--model", copy)

    @pytest.fixture
    def shipped(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The encoder that comes with subemo, in a folder of its own."""
        encoder.load_encoder.forget()
        for one in encoder.BUNDLED:
            path = tmp_path / one.file
            path.parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / "models" / one.file, path)
        monkeypatch.setattr(encoder, "SHIPPED", (tmp_path,))
        return tmp_path / encoder.BUNDLED[0].file

    def test_encoder_missing(
        self, film: Path, shipped: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shipped.unlink()
        message = self.fails(capsys, film, self.subs)
        assert shipped.name in message
        assert "Reinstall subemo" in message

    def test_encoder_altered(
        self, film: Path, shipped: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with shipped.open("ab") as file:
            file.write(b"x")
        message = self.fails(capsys, film, self.subs)
        assert "SHA-256" in message
        assert shipped.name in message

    def test_debug_shows_where(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["annotate", "none.mp4", str(self.subs), "--debug"]) == 1
        assert "Traceback" in capsys.readouterr().err

    def test_a_fault_of_ours_is_one_line_too(
        self, film: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("oops")

        monkeypatch.setattr("subemo.cli.captioning.inputs.annotate_judged", broken)
        assert main(["annotate", str(film), str(self.subs)]) == 1
        assert "internal error: ZeroDivisionError: oops" in capsys.readouterr().err


#: Commands that print their result, and what they print.
PRINTING: dict[str, tuple[list[str], bytes]] = {
    "annotate": (["FILM", "SUBS", "-o", "-"], b" --> "),
    "batch": (["FOLDER"], b"Written: "),
    "check": (["SUBS"], b"limits"),
    "classify": (["FILM", "--format", "json"], b"probabilities"),
    "completion": (["bash"], b"_subemo_completion"),
    "convert": (["SUBS", "-o", "-", "--format", "vtt"], b"WEBVTT"),
    "model": (["show"], b"SHA-256"),
    "--help": ([], b"Usage"),
}


class TestStreams:
    """Where the command line speaks, and nobody listens: one line, and an exit code that says so."""

    @pytest.fixture
    def shell(self, film: Path, subs: Path, tmp_path: Path) -> Any:
        places = {"FILM": film, "SUBS": subs, "FOLDER": tmp_path / "films"}
        places["FOLDER"].mkdir()
        shutil.copy(film, places["FOLDER"] / "film.mp4")
        shutil.copy(subs, places["FOLDER"] / "film.srt")

        def run(
            name: str, how: str, stdout: int = subprocess.PIPE
        ) -> subprocess.CompletedProcess[bytes]:
            arguments = [str(places.get(one, one)) for one in PRINTING[name][0]]
            command = [sys.executable, "-m", "subemo", name, *arguments]
            # Python must flush at exit, as it does for users.
            buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
            return subprocess.run(
                ["bash", "-c", f'"$@" {how}', "bash", *command],
                check=False, stdout=stdout, stderr=subprocess.PIPE, env=buffered, cwd=tmp_path,
            )  # fmt: skip

        return run

    @pytest.mark.parametrize("name", PRINTING)
    @pytest.mark.parametrize(
        ("how", "why"),
        [("<&- >&-", "it is closed"), (">/dev/full", "No space left on device")],
    )
    def test_an_output_that_cannot_be_written(
        self, shell: Any, name: str, how: str, why: str
    ) -> None:
        if "full" in how and not FULL.exists():
            pytest.skip("there is no /dev/full")
        done = shell(name, how)
        lines = done.stderr.decode().splitlines()
        assert lines[-1] == f"subemo: error: cannot write to standard output: {why}"
        assert (done.returncode, "Traceback" in str(lines)) == (1, False)

    @pytest.mark.parametrize("name", PRINTING)
    def test_a_reader_that_leaves_ends_it_as_shells_expect(self, shell: Any, name: str) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = shell(name, "", stdout=writer)
        os.close(writer)
        assert done.returncode == 128 + signal.SIGPIPE
        assert b"error" not in done.stderr

    @pytest.mark.parametrize("name", PRINTING)
    @pytest.mark.parametrize("how", ["2>&-", "2>/dev/full"])
    def test_an_unwritable_standard_error_changes_nothing(
        self, shell: Any, name: str, how: str
    ) -> None:
        if "full" in how and not FULL.exists():
            pytest.skip("there is no /dev/full")
        done = shell(name, how)
        assert (done.returncode, done.stderr) == (0, b"")
        assert PRINTING[name][1] in done.stdout

    def test_nor_hides_a_failure(self, shell: Any) -> None:
        for how in ("none 2>/dev/full", "none >&- 2>&-"):
            assert shell("check", how).returncode == 2

    def test_files_are_not_written_into_by_others(self, shell: Any, tmp_path: Path) -> None:
        """An output file that gets the number of a closed stream would be written to by ffmpeg."""
        for name, how in (("a.srt", ">&- 2>&-"), ("b.srt", "")):
            shell("annotate", f"-o {tmp_path / name} {how}")
        assert (tmp_path / "a.srt").read_bytes() == (tmp_path / "b.srt").read_bytes()


def test_a_name_that_is_too_long_is_one_line(
    film: Path, subs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["annotate", str(film), str(subs), "-o", str(tmp_path / ("a" * 250 + ".srt"))]) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith(".tags.json: File name too long")


def test_pipes_are_refused_where_files_are_needed(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe.srt"
    os.mkfifo(pipe)
    assert main(["annotate", str(film), str(pipe)]) == 1
    assert "pipe.srt: cannot be read (not a regular file)" in capsys.readouterr().err


def test_a_batch_of_nothing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert main(["batch", "empty"]) == 0
    assert (
        capsys.readouterr().err
        == "subemo: warning: empty: no films found (--recursive searches subfolders)\n"
    )
    assert not (tmp_path / "subemo-batch.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [["annotate"], ["nothing"], ["annotate", "a", "b", "c"], ["train"],
     ["annotate", "a", "--min-confidence", "2"], ["annotate", "a", "--format", "doc"]],
)  # fmt: skip
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Usage" in capsys.readouterr().err


class TestStopped:
    """A film without an end: a signal always comes in the midst of it, on any machine."""

    @pytest.fixture
    def command(self, tmp_path: Path) -> list[str]:
        write_wav(tmp_path / "a.wav", speechlike(1))
        program = tmp_path / "ffmpeg"
        # Told to write to a pipe, it has been asked for the sound.
        program.write_text(
            '#!/bin/sh\ncase "$*" in\n'
            f'*pipe:*) : > "{tmp_path}/started"; exec sleep 1000000;;\n'
            f'*) exec "{ffmpeg_executable()}" "$@";;\nesac\n'
        )
        program.chmod(0o700)
        command = [sys.executable, "-m", "subemo", "annotate", str(tmp_path / "a.wav")]
        return [
            "env",
            f"SUBEMO_FFMPEG={program}",
            f"TMPDIR={tmp_path}",
            *command,
            "--no-transcribe",
        ]

    def left(self, tmp_path: Path) -> set[str]:
        return names(tmp_path) - {"started", ONNX_FILE}

    def assert_nothing_runs(self, tmp_path: Path) -> None:
        wait_until(lambda: not processes_about(tmp_path), "all that it started has ended")

    @pytest.mark.parametrize(
        ("number", "code", "words"),
        [
            (signal.SIGINT, 130, "interrupted"),
            (signal.SIGTERM, 143, "stopped by SIGTERM"),
            (signal.SIGHUP, 129, "stopped by SIGHUP"),
        ],
    )
    def test_one_line_and_nothing_left(
        self, command: list[str], tmp_path: Path, number: int, code: int, words: str
    ) -> None:
        before = self.left(tmp_path)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until(lambda: process.poll() is not None or (tmp_path / "started").exists(), "a start")
        process.send_signal(number)
        _, complaint = process.communicate(timeout=300)
        assert process.returncode == code, complaint
        lines = [line for line in complaint.decode().splitlines() if line]
        assert lines == [f"subemo: {words}; no file is half written"]
        assert self.left(tmp_path) == before
        self.assert_nothing_runs(tmp_path)

    def test_what_nohup_ignores_stays_ignored(self, command: list[str], tmp_path: Path) -> None:
        process = subprocess.Popen(["nohup", *command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        wait_until(lambda: process.poll() is not None or (tmp_path / "started").exists(), "a start")
        process.send_signal(signal.SIGHUP)  # which Python would see first
        process.send_signal(signal.SIGTERM)
        _, complaint = process.communicate(timeout=300)
        assert process.returncode == 143, complaint
        self.assert_nothing_runs(tmp_path)

    def test_a_terminal_that_is_closed(self, command: list[str], tmp_path: Path) -> None:
        leader, follower = pty.openpty()
        # The first of a session that opens a terminal has it for its own.
        on_it = ["sh", "-c", 'exec "$@" < "$0" > "$0" 2>&1', os.ttyname(follower)]
        process = subprocess.Popen([*on_it, *command], start_new_session=True)
        os.close(follower)
        os.set_blocking(leader, False)

        def has_started() -> bool:
            with suppress(OSError):  # a terminal that nobody reads would make it wait
                os.read(leader, 100_000)
            return process.poll() is not None or (tmp_path / "started").exists()

        wait_until(has_started, "a start")
        os.close(leader)
        assert process.wait(timeout=300) == 129
        self.assert_nothing_runs(tmp_path)

    def test_killed_it_takes_its_ffmpeg_along(self, command: list[str], tmp_path: Path) -> None:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until(lambda: process.poll() is not None or (tmp_path / "started").exists(), "a start")
        process.kill()
        process.communicate(timeout=300)
        assert process.returncode == -signal.SIGKILL
        self.assert_nothing_runs(tmp_path)


def test_an_import_that_is_interrupted_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\n"
                                       "time.sleep(1000)\n")  # fmt: skip
    path = os.pathsep.join([str(tmp_path), str(Path(subemo.__file__).parents[1])])
    done = subprocess.run([sys.executable, "-m", "subemo"], env={**os.environ, "PYTHONPATH": path},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 130
    assert done.stderr == "subemo: interrupted; no file is half written\n"


class TestClassify:
    def test_table(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = write_wav(tmp_path / "message.wav", speechlike(2))
        quiet = write_wav(tmp_path / "quiet.wav", silence(2))
        assert main(["classify", str(path), str(quiet)]) == 0
        printed = capsys.readouterr().out
        assert "surprise" in printed
        assert "too little sound" in printed

    def test_json_and_a_file_that_fails(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write_wav(tmp_path / "message.wav", speechlike(2))
        missing = tmp_path / "none.wav"
        assert main(["classify", str(missing), str(path), "--format", "json"]) == 1
        printed = capsys.readouterr()
        assert "none.wav: no such file" in printed.err
        (entry,) = json.loads(printed.out)
        assert entry["file"] == str(path)
        assert entry["emotion"] in entry["probabilities"]


class TestTrain:
    def test_a_model_is_not_written_over(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        model = str(find_bundle("report-crnn"))
        assert main(["train", "--recipe", "report", "--ravdess", str(tmp_path), "-o", model]) == 1
        assert "already has a model" in capsys.readouterr().err

    def test_no_clips(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pytest.importorskip("tensorflow")
        out = str(tmp_path / "model")
        arguments = ["--recipe", "report-crnn", "--ravdess", str(tmp_path)]
        assert main(["train", *arguments, "-o", out]) == 1
        assert "no clips of the layout 'ravdess'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["annotate", "review"])
def test_words_keep_their_speakers_colours_where_the_house_wants_it(
    command: str, trailer: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.vtt"
    arguments = [command, *map(str, trailer), "--colour", "words", "--preset", "arcom"]
    assert main([*arguments, "-o", str(out), *(["--format", "vtt"] * (command == "annotate"))]) == 2
    assert "uses the colour of words for speakers" in capsys.readouterr().err
    assert not out.exists()
