"""What a batch knows a film by, and what it makes of a ledger that somebody else wrote."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.batch import BatchSettings, BatchStatus, Job, Ledger
from subemo.batch.ledger import Entry, Stamp, digest_of
from subemo.batch.run import annotate_film
from subemo.core.cache import file_digest
from subemo.core.errors import SettingsError
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle
from subemo.tagging.policy import SoundsShown, TagPolicy


def done(folder: Path) -> tuple[Job, Ledger]:
    """A film whose captions are there."""
    video, subtitles, output = (folder / f"film.{end}" for end in ("mp4", "srt", "emo.srt"))
    for path in (video, subtitles, output):
        path.write_bytes(path.name.encode())
    job, ledger = Job(video, folder, BatchSettings()).paired(), Ledger(folder / "state")
    sha256 = hashlib.sha256(output.read_bytes()).hexdigest()
    shown = {"output": str(output), "cues": 1, "tagged": 0, "duration_ms": None}
    stamps = (Stamp.of(video), Stamp.of(subtitles))
    ledger.write(job, Entry(digest_of(job), *stamps, {str(output): sha256}, shown))
    assert ledger.finished(job, job.subtitles) is not None
    return job, ledger


def replaced(path: Path) -> None:
    """Another file of the same size and time takes the place of this one."""
    status = path.stat()
    new = path.with_name("new")
    new.write_bytes(path.read_bytes()[::-1])
    new.replace(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def rewritten(path: Path) -> None:
    """Other bytes of the same number, and the time set back."""
    status = path.stat()
    with path.open("r+b") as file:
        file.write(path.read_bytes()[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_another_model_of_sounds_is_another_job(tmp_path: Path) -> None:
    model = tmp_path / "yamnet.tflite"
    policy = TagPolicy(sounds=SoundsShown.ALL)
    job = Job(
        tmp_path / "film.mp4",
        tmp_path,
        BatchSettings(policy=policy, sound_cues=True, sound_model=model),
    )
    found = [digest_of(job)]
    for content in (b"one", b"two"):
        model.write_bytes(content)
        found.append(digest_of(job))
    found.append(digest_of(replace(job, settings=BatchSettings(policy=policy, sound_cues=True))))
    found.append(digest_of(replace(job, settings=BatchSettings(policy=policy))))
    assert len(set(found[1:])) == 4
    assert found[0] == found[3]  # a missing file is reported where it is read


class TestStamp:
    @pytest.mark.parametrize("change", [replaced, rewritten])
    @pytest.mark.parametrize("name", ["film.mp4", "film.srt"])
    def test_a_film_replaced_by_one_of_equal_size_and_time(
        self, tmp_path: Path, change: Any, name: str
    ) -> None:
        job, ledger = done(tmp_path)
        change(tmp_path / name)
        assert ledger.finished(job, job.subtitles) is None

    def test_what_was_only_touched_is_read_once_more_and_then_known(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, ledger = done(tmp_path)
        os.utime(job.video, ns=(1, 1))
        assert ledger.finished(job, job.subtitles) is not None

        def fail(path: Path) -> str:
            assert path.parent.name == DEFAULT_MODEL, path
            return file_digest(path)

        monkeypatch.setattr("subemo.batch.ledger.file_digest", fail)
        assert ledger.finished(job, job.subtitles) is not None

    def test_a_model_that_is_replaced_is_another_job(self, tmp_path: Path) -> None:
        job, _ = done(tmp_path)
        model = tmp_path / "model"
        shutil.copytree(find_bundle(DEFAULT_MODEL), model)
        job = replace(job, settings=replace(job.settings, model=str(model)))
        before = digest_of(job)
        assert digest_of(job) == before
        text = (model / "model.json").read_text()
        (model / "model.json").write_text(text.replace('"name"', '"name" '))
        assert digest_of(job) != before

    @pytest.mark.parametrize(("key", "value"), [("duration_ms", ""), ("output", "a" * 5_000)])
    def test_shown_values_that_cannot_be(self, tmp_path: Path, key: str, value: str) -> None:
        job, ledger = done(tmp_path)
        content = json.loads(ledger._path(job).read_bytes())
        content["shown"][key] = value
        ledger._path(job).write_text(json.dumps(content))
        assert ledger.finished(job, job.subtitles) is None

    @pytest.mark.parametrize("name", ["elsewhere/film.emo.srt", "other.emo.srt"])
    def test_files_that_are_no_captions_of_the_film(self, tmp_path: Path, name: str) -> None:
        job, ledger = done(tmp_path)
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("not these")
        content = json.loads(ledger._path(job).read_bytes())
        content["files"] = {str(path): hashlib.sha256(b"not these").hexdigest()}
        ledger._path(job).write_text(json.dumps(content))
        assert ledger.finished(job, job.subtitles) is None

    def test_an_entry_is_the_same_from_every_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, ledger = done(tmp_path)
        (tmp_path / "deep").mkdir()
        monkeypatch.chdir(tmp_path / "deep")
        up = Path("..")
        other = replace(job, video=up / "film.mp4", folder=up, subtitles=up / "film.srt")
        assert ledger.finished(other, other.subtitles) is not None

    def test_an_entry_of_a_former_version_is_still_ours(self, tmp_path: Path) -> None:
        job, ledger = done(tmp_path)
        content = json.loads(ledger._path(job).read_bytes())
        for stamp in (content["video"], content["subtitles"]):
            del stamp["changed"], stamp["inode"]
        ledger._path(job).write_text(json.dumps(content))
        assert ledger.finished(job, job.subtitles) is not None

    def test_a_film_that_is_gone(self, tmp_path: Path) -> None:
        job, ledger = done(tmp_path)
        job.video.unlink()
        assert ledger.finished(job, job.subtitles) is None
        assert "internal error" not in annotate_film(job, ledger).reason

    def test_subtitles_that_are_gone_since_the_job_was_made(self, tmp_path: Path) -> None:
        job, ledger = done(tmp_path)
        (tmp_path / "film.srt").rename(tmp_path / "film.en.srt")
        assert "internal error" not in annotate_film(job, ledger).reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


class TestStrangers:
    @pytest.mark.parametrize("content", ["", "[", "[" * 100_000, "[]", "{}", "3", " " * 2_000_000])
    def test_an_entry_that_is_none(self, tmp_path: Path, content: str) -> None:
        job, ledger = done(tmp_path)
        ledger._path(job).write_text(content)
        assert ledger.entry(job) is None

    def test_an_entry_that_is_a_pipe(self, tmp_path: Path) -> None:
        job, ledger = done(tmp_path)
        ledger._path(job).unlink()
        os.mkfifo(ledger._path(job))
        assert ledger.entry(job) is None

    @pytest.mark.parametrize("path", ["/dev/zero", "a\0b", "pipe"])
    def test_captions_that_cannot_be(self, tmp_path: Path, path: str) -> None:
        job, ledger = done(tmp_path)
        os.mkfifo(tmp_path / "pipe")
        content = json.loads(ledger._path(job).read_bytes())
        content["files"] = {str(tmp_path / path): "0" * 64}
        ledger._path(job).write_text(json.dumps(content))
        assert ledger.finished(job, job.subtitles) is None

    @given(st.data())
    def test_any_value_in_any_place(self, data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as folder:
            job, ledger = done(Path(folder))
            content = json.loads(ledger._path(job).read_bytes())
            inner, key = content, data.draw(st.sampled_from(sorted(content)))
            if isinstance(inner[key], dict) and inner[key] and data.draw(st.booleans()):
                inner, key = inner[key], data.draw(st.sampled_from(sorted(inner[key])))
            inner[key] = data.draw(JSON)
            ledger._path(job).write_text(json.dumps(content))
            entry = ledger.finished(job, job.subtitles)
            if entry is not None:
                outcome = annotate_film(job, ledger)
                assert outcome.status == "done before", outcome.reason

    @given(st.binary(max_size=200), JSON, JSON)
    def test_any_bytes_and_values_on_the_board(self, data: bytes, video: Any, step: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            status = BatchStatus(Path(folder))
            (status.folder / "a").write_bytes(data)
            shown = {"video": video, "step": {"stage": "x", "done": step, "total": video}}
            (status.folder / "b").write_text(json.dumps(shown))
            for one in status.running():
                assert isinstance(one.video, str)
                assert isinstance(one.step.done, int)

    def test_a_board_of_pipes_and_folders(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / ("a" * 64))
        (tmp_path / ("b" * 64)).mkdir()
        (tmp_path / ("c" * 64)).write_text("[" * 100_000)
        status = BatchStatus(tmp_path)
        assert status.running() == []
        status.clear()
        assert sorted(path.name[0] for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize(
    "options",
    [{"adaptation": "banana"}, {"without": "hope"}, {"form": "doc"}, {"language": "tlh"}],
)
def test_settings_that_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        BatchSettings(**options)
