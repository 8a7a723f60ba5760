from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subemo.batch import BatchSettings, Ledger, find_films, make_jobs, run
from subemo.batch.outcome import FilmStatus
from subemo.cli import main
from subemo.core.errors import MediaError, OutputError, SettingsError
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.tagging.presets import PRESETS

from ..conftest import write_srt

CUES = [(500, 3_500, "Get out!"), (6_500, 8_500, "No")]
EVERY = BatchSettings(policy=TagPolicy(policy=PolicyKind.EVERY))


@pytest.fixture
def archive(film: Path, tmp_path: Path) -> Path:
    """Four films: two in a folder, one in a folder in it, one that is broken."""
    root = tmp_path / "archive"
    for name in ("one", "two", "deep/three"):
        path = root / f"{name}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(film, path)
        write_srt(path.with_suffix(".en.srt"), CUES)
    (root / "broken.mkv").write_bytes(b"no film")
    write_srt(root / "broken.srt", CUES)
    return root


def outcomes(
    root: Path, ledger: Path, settings: BatchSettings = EVERY, **options: Any
) -> dict[str, str]:
    jobs = make_jobs(find_films([root], recursive=True), settings)
    return {one.video.stem: one.status.value for one in run(jobs, Ledger(ledger), **options)}


def captions(root: Path) -> dict[str, bytes]:
    """The captions, without what a process that was killed left unfinished."""
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in sorted(root.rglob("*.emo.*"))
        if not p.name.startswith(".")
    }


ALL_DONE = {"one": "done", "two": "done", "three": "done", "broken": "failed"}


class TestFinding:
    def test_folders_and_lists(self, archive: Path, tmp_path: Path) -> None:
        found = [path.name for path, _ in find_films([archive])]
        assert found == ["broken.mkv", "one.mp4", "two.mp4"]
        assert len(list(find_films([archive, archive], recursive=True))) == 4
        films = archive / "list.txt"
        films.write_text("# mine\none.mp4\n\nmissing.mp4\n")
        assert [path.name for path, _ in find_films([films])] == ["one.mp4", "missing.mp4"]
        with pytest.raises(MediaError, match="the folder, film or list does not exist"):
            list(find_films([tmp_path / "none"]))

    def test_any_name_in_a_list(self, archive: Path, tmp_path: Path) -> None:
        names = [" blank.mp4 ", "line\u2028separator.mp4", "one.mp4"]
        shutil.copy(archive / "one.mp4", archive / names[0])
        films = archive / "films.txt"
        films.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(["# films", "", *names]).encode())
        assert [path for path, _ in find_films([films])] == [archive / name for name in names]
        films.write_text("one.mp4 \n")
        assert [path for path, _ in find_films([films])] == [archive / "one.mp4"]

    def test_a_list_that_is_none(self, archive: Path, tmp_path: Path) -> None:
        films = archive / "films.txt"
        films.write_text("one.mp4\n", encoding="utf-16")
        with pytest.raises(MediaError, match="line 1 is no path"):
            list(find_films([films]))
        films.write_text(f"{'long' * 100}/one.mp4\none.mp4\n")
        jobs = make_jobs(find_films([films]), EVERY)
        found = [one.status.value for one in run(jobs, Ledger(tmp_path / "state"))]
        assert found == ["failed", "done"]

    def test_our_own_films_are_none(self, archive: Path) -> None:
        for name in ("one.emo.mp4", "one.review.mp4", ".hidden.mp4"):
            shutil.copy(archive / "one.mp4", archive / name)
        assert len(list(find_films([archive]))) == 3

    def test_two_films_of_one_name(self, archive: Path) -> None:
        shutil.copy(archive / "one.mp4", archive / "one.mkv")
        with pytest.raises(OutputError, match=r"one\.mp4 would both write one\.en\.emo"):
            make_jobs(find_films([archive]), EVERY)

    def test_a_folder_is_listed_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(30):
            (tmp_path / f"film{number}.mp4").write_bytes(b"")
            (tmp_path / f"film{number}.en.srt").write_text("")
        listed: list[Path] = []
        looked: list[Path] = []
        iterdir, is_file = Path.iterdir, Path.is_file
        monkeypatch.setattr(Path, "iterdir", lambda path: listed.append(path) or iterdir(path))
        monkeypatch.setattr(Path, "is_file", lambda path: looked.append(path) or is_file(path))
        jobs = make_jobs(find_films([tmp_path]), EVERY)
        assert [job.subtitles for job in jobs] == [job.video.with_suffix(".en.srt") for job in jobs]
        assert len(listed) == 2  # for the films, and for what lies beside them
        assert len(looked) == 60
        ledger = Ledger(tmp_path / "state")
        assert {one.status.value for one in run(jobs, ledger)} == {"failed"}
        assert listed.count(tmp_path) == 2

    @pytest.mark.parametrize(
        ("name", "output"),
        [("film.srt", "film.emo.vtt"), ("film.emo.srt", "film.emo.vtt"), (None, "film.emo.vtt")],
    )
    def test_one_rule_for_the_name_of_an_output(
        self, tmp_path: Path, name: str | None, output: str
    ) -> None:
        job = make_jobs([(tmp_path / "film.mp4", tmp_path)], EVERY)[0]
        assert job.output(None if name is None else tmp_path / name, "vtt") == tmp_path / output

    def test_its_own_outputs_are_no_inputs(self, archive: Path, tmp_path: Path) -> None:
        shutil.copy(archive / "one.mp4", archive / "one.emo.mp4")
        write_srt(archive / "one.emo.srt", CUES)
        (job,) = make_jobs(find_films([archive / "one.emo.mp4"]), EVERY, output=tmp_path / "out")
        assert job.subtitles is None
        (outcome,) = run([job], Ledger(tmp_path / "state"))
        assert "this film is an output of subemo" in outcome.reason
        assert not (tmp_path / "out").exists()

    def test_so_many_workers_there_cannot_be(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="workers cannot be 0"):
            list(run([], Ledger(tmp_path), workers=0))

    def test_an_output_folder_keeps_the_tree(self, archive: Path, tmp_path: Path) -> None:
        jobs = make_jobs(find_films([archive], recursive=True), EVERY, output=tmp_path / "out")
        folders = {job.video.stem: job.folder for job in jobs}
        assert folders["three"] == tmp_path / "out" / "deep"


class TestRun:
    def test_one_broken_film_never_stops_the_rest(self, archive: Path, tmp_path: Path) -> None:
        assert outcomes(archive, tmp_path / "state") == ALL_DONE
        assert len(captions(archive)) == 6  # and a record beside each

    def test_what_is_done_is_skipped(self, archive: Path, tmp_path: Path) -> None:
        outcomes(archive, tmp_path / "state")
        before = {p: p.stat().st_mtime_ns for p in archive.rglob("*.emo.*")}
        again = outcomes(archive, tmp_path / "state")
        assert again == {**dict.fromkeys(ALL_DONE, "done before"), "broken": "failed"}
        assert {p: p.stat().st_mtime_ns for p in archive.rglob("*.emo.*")} == before

    @pytest.mark.parametrize("what", ["film", "subtitles", "policy", "captions", "gone"])
    def test_what_has_changed_is_done_again(self, archive: Path, tmp_path: Path, what: str) -> None:
        outcomes(archive, tmp_path / "state")
        settings = EVERY
        if what == "film":
            with (archive / "one.mp4").open("ab") as file:
                file.write(b"\0")
        elif what == "subtitles":
            write_srt(archive / "one.en.srt", [(500, 3_000, "Other")])
        elif what == "policy":
            settings = BatchSettings(policy=TagPolicy(policy=PolicyKind.EVERY, preset="bbc"))
        elif what == "gone":
            (archive / "one.en.emo.srt").unlink()
        else:
            (archive / "one.en.emo.srt").write_text("a person's work")
        again = outcomes(archive, tmp_path / "state", settings)
        if what == "captions":  # which is no longer ours to replace
            assert again["one"] == "failed"
            assert (archive / "one.en.emo.srt").read_text() == "a person's work"
        else:
            assert again["one"] == "done"
            assert again["two"] == ("done" if what == "policy" else "done before")

    def test_the_same_bytes_for_any_number_of_jobs(self, archive: Path, tmp_path: Path) -> None:
        outcomes(archive, tmp_path / "state")
        one = captions(archive)
        for path in archive.rglob("*.emo.*"):
            path.unlink()
        assert outcomes(archive, tmp_path / "other", workers=2) == ALL_DONE
        assert captions(archive) == one

    def test_workers_follow_the_working_directory(
        self, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = tmp_path / "other"
        shutil.copytree(archive, other)
        write_srt(other / "one.en.srt", [(500, 3_500, "Another film")])
        for folder in (archive, other):
            monkeypatch.chdir(folder)
            jobs = make_jobs(find_films([Path()], recursive=True), EVERY)
            done = list(run(jobs, Ledger(Path("state")), workers=2))
            assert {one.video.stem: one.status.value for one in done} == ALL_DONE
            assert Path("one.en.emo.srt") in [one.output for one in done]
        assert b"Get out!" in (archive / "one.en.emo.srt").read_bytes()
        assert b"Another film" in (other / "one.en.emo.srt").read_bytes()
        monkeypatch.chdir(other)
        (other / "state").rename(tmp_path / "moved")
        other_policy = BatchSettings(policy=TagPolicy(policy=PolicyKind.STRONG))
        # One at a time, with relative names: the captions are still known as the batch's own.
        again = outcomes(Path(), tmp_path / "moved", other_policy)
        assert again == ALL_DONE

    def test_one_film_in_two_jobs(self, archive: Path, tmp_path: Path) -> None:
        film = [(archive / "one.mp4", archive)]
        jobs = [
            *make_jobs(film, replace(EVERY, form="vtt"), output=tmp_path / "a"),
            *make_jobs(film, EVERY, output=tmp_path / "b"),
        ]
        done = list(run(jobs, Ledger(tmp_path / "state"), workers=2))
        found = sorted(str(one.output) for one in done)
        assert found == [str(tmp_path / "a/one.en.emo.vtt"), str(tmp_path / "b/one.en.emo.srt")]
        assert all(Path(path).exists() for path in found)

    def test_two_formats_in_one_folder(self, archive: Path, tmp_path: Path) -> None:
        film = [(archive / "one.mp4", archive)]
        jobs = [
            job for form in ("srt", "vtt") for job in make_jobs(film, replace(EVERY, form=form))
        ]
        for expected in (FilmStatus.DONE, FilmStatus.SKIPPED):
            done = list(run(jobs, Ledger(tmp_path / "state"), workers=2))
            assert [one.status for one in done] == [expected] * 2

    def test_killed_twice_it_still_knows_its_captions(
        self, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each run ends between its entry and its captions."""
        film, ledger = [(archive / "one.mp4", archive)], Ledger(tmp_path / "state")
        presets = [replace(EVERY, policy=replace(EVERY.policy, preset=name)) for name in PRESETS]
        assert [one.status for one in run(make_jobs(film, presets[0]), ledger)] == [FilmStatus.DONE]
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["subemo.batch.run"], "_write", lambda *_, **__: None)
            for settings in presets[1:4]:
                list(run(make_jobs(film, settings), ledger))
        assert [one.status for one in run(make_jobs(film, presets[4]), ledger)] == [FilmStatus.DONE]

    def test_a_system_error_is_one_line(self, archive: Path, tmp_path: Path) -> None:
        state = tmp_path / "state"
        state.write_text("a file")
        (one,) = run(make_jobs([(archive / "one.mp4", archive)], EVERY), Ledger(state))
        assert one.status is FilmStatus.FAILED
        assert one.reason == f"{state}: File exists"

    def test_a_file_of_somebody_else_is_left_alone(self, archive: Path, tmp_path: Path) -> None:
        (archive / "two.en.emo.srt").write_text("mine")
        assert outcomes(archive, tmp_path / "state")["two"] == "failed"
        assert (archive / "two.en.emo.srt").read_text() == "mine"

    def test_a_film_without_subtitles(self, archive: Path, tmp_path: Path) -> None:
        (archive / "two.en.srt").unlink()
        assert outcomes(archive, tmp_path / "state")["two"] == "failed"
        tags = BatchSettings(policy=EVERY.policy, without="tags")
        assert outcomes(archive, tmp_path / "state", tags)["two"] == "done"

    def test_a_broken_ledger_is_no_ledger(self, archive: Path, tmp_path: Path) -> None:
        outcomes(archive, tmp_path / "state")
        for path in (tmp_path / "state").iterdir():
            path.write_text("{")
        for path in archive.rglob("*.emo.*"):
            path.unlink()
        assert outcomes(archive, tmp_path / "state") == ALL_DONE


class TestCommand:
    def test_table_and_exit_code(
        self, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out"
        arguments = ["batch", str(archive), "-o", str(out), "--recursive", "--policy", "every"]
        assert main(arguments) == 1
        rows = list(csv.DictReader((out / "subemo-batch.csv").read_text().splitlines()))
        assert {Path(row["film"]).stem: row["status"] for row in rows} == ALL_DONE
        assert "not a readable film" in rows[0]["reason"]
        printed = capsys.readouterr()
        assert "broken.mkv" in printed.out
        assert "done: " in printed.err
        (archive / "broken.mkv").unlink()
        assert main(arguments) == 0
        assert main([*arguments, "--again"]) == 0
        rows = list(csv.DictReader((out / "subemo-batch.csv").read_text().splitlines()))
        assert {row["status"] for row in rows} == {"done"}
        assert {p.name for p in (out / "deep").iterdir()} == {
            "three.en.emo.srt", "three.en.emo.srt.tags.json",
        }  # fmt: skip

    def test_the_table_replaces_nothing_but_a_table(
        self, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        films = tmp_path / "films.txt"
        films.write_text(f"{archive / 'one.mp4'}\n")
        inputs = [films, archive / "one.mp4", archive / "one.en.srt"]
        mine = tmp_path / "mine.csv"
        mine.write_text("mine")
        content = {path: path.read_bytes() for path in [*inputs, mine]}
        for table in content:
            for more in ([], ["--overwrite"] if table in inputs else []):
                arguments = ["batch", str(films), "-o", str(tmp_path / "out")]
                assert main([*arguments, "--results", str(table), *more]) == 1
        assert {path: path.read_bytes() for path in content} == content
        assert main(arguments) == 0
        captions_of_one = tmp_path / "out" / "archive" / "one.en.emo.srt"
        assert main([*arguments, "--results", str(captions_of_one), "--overwrite"]) == 1
        assert "these are the captions of" in capsys.readouterr().err
        assert captions_of_one.read_bytes().startswith(b"1\n")
        record = captions_of_one.with_name(f"{captions_of_one.name}.tags.json")
        content = {record: record.read_bytes()}
        assert main([*arguments, "--results", str(record), "--overwrite"]) == 1
        assert record.read_bytes() == content[record]
        assert main([*arguments, "--results", str(mine), "--overwrite"]) == 0
        assert main([*arguments, "--results", str(mine)]) == 0
        assert mine.read_text().startswith("film,status")

    def test_wrong_format(self, archive: Path) -> None:
        assert main(["batch", str(archive), "--format", "doc"]) == 2

    def test_sound_cues_need_sounds(
        self, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        arguments = ["batch", str(archive), "-o", str(tmp_path / "out"), "--sound-cues"]
        assert main(arguments) == 2
        assert "--sound-cues needs --sounds voice" in capsys.readouterr().err
        with pytest.raises(SettingsError, match="sounds between cues are not shown"):
            BatchSettings(sound_cues=True)


def test_killed_at_any_moment_it_goes_on_with_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    (archive / "broken.mkv").unlink()
    out = tmp_path / "out"
    command = [sys.executable, "-m", "subemo", "batch", str(archive), "--recursive", "-o", str(out),
               "--policy", "every"]  # fmt: skip
    started = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    whole_s = time.monotonic() - started
    expected = captions(out)
    assert len(expected) == 6
    shutil.rmtree(out)
    generator = random.Random(0)
    for _ in range(8):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(generator.uniform(0.3, 1.0) * whole_s)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        found = captions(out) if out.exists() else {}
        assert all(expected[name] == data for name, data in found.items())
        if generator.random() < 0.3 and out.exists():
            for path in out.rglob("*.emo.srt"):
                path.unlink()
    shutil.rmtree(out / "deep", ignore_errors=True)
    for path in out.rglob("*.emo.*"):
        path.unlink()  # so that each is written again, and what was left behind is found
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert captions(out) == expected
    assert list(out.rglob("*.tmp")) == []
