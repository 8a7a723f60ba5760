"""What `subemo doctor` says of installations that lack something, or hold something broken."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from subemo.cli import main
from subemo.core.errors import MediaError
from subemo.doctor import Check, State, diagnose, models
from subemo.doctor.check import checked
from subemo.doctor.machine import (
    LITTLE_ROOM,
    NEEDS,
    listed,
    machine_checks,
    parts_check,
    program_checks,
)
from subemo.doctor.models import BASE, EXTRAS, extra_checks, package_checks
from subemo.formats.registry import READERS
from subemo.media import ffmpeg_executable
from subemo.media.timestamps import FILTERS, WATCH

from ..conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(autouse=True)
def _another_ffmpeg_each_time() -> Iterator[None]:
    ffmpeg_executable.cache_clear()
    yield
    ffmpeg_executable.cache_clear()


def found(checks: Iterator[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["doctor", *arguments])
    return code, capsys.readouterr().out


class TestTheCommand:
    def test_a_whole_installation(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, out = told(capsys)
        assert code == 0
        lines = out.splitlines()
        assert lines[0].startswith("subemo ")
        assert lines[-1] == "`subemo annotate` can work."
        assert [line.split()[0] for line in lines[1:-1] if "ffmpeg" in line] == ["ok"] * 6
        assert any(line.startswith("ok ") and "model subemo-crnn" in line for line in lines)

    def test_json_has_the_same(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SUBEMO_FFMPEG", "/none")
        code, out = told(capsys, "--json")
        content = json.loads(out)
        assert (code, content["can_annotate"]) == (1, False)
        by_name = {check["name"]: check for check in content["checks"]}
        assert by_name["ffmpeg"] == {
            "name": "ffmpeg",
            "state": "broken",
            "required": True,
            "detail": "/none: SUBEMO_FFMPEG is not the path of a program",
            "remedy": "Set it to the path of ffmpeg, or unset it to use the bundled one.",
        }
        assert len(by_name["model subemo-crnn"]["data"]["sha256"]) == 64

    def test_no_path_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        diagnosis = diagnose()
        assert diagnosis.can_annotate
        # What subemo brings is enough; there is no browser without a path.
        assert found(iter(diagnosis.checks))["browser"].state is State.MISSING


class TestFfmpeg:
    def test_none_on_the_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def none() -> str:
            raise RuntimeError

        monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", none)
        checks = found(program_checks())
        assert list(checks) == ["ffmpeg", "browser"]
        assert checks["ffmpeg"].prevents_annotating
        assert "SUBEMO_FFMPEG" in checks["ffmpeg"].remedy

    def test_another_program(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUBEMO_FFMPEG", shutil.which("true") or "")
        assert found(program_checks())["ffmpeg"].detail.endswith("is not ffmpeg")

    def test_codecs_that_are_missing(self) -> None:
        names = {kind: listed(ffmpeg_executable(), kind) for kind in ("encoders", "filters")}
        burn = next(need for need in NEEDS if need.name == "ffmpeg for --burn")
        names["muxers"] = frozenset(burn.parts["muxers"])
        assert parts_check(burn, names).state is State.OK
        check = parts_check(burn, names | {"encoders": names["encoders"] - {"libx264"}})
        assert check.state is State.LIMITED
        assert check.detail.startswith("without encoder libx264: pictures cannot be written")
        annotate = NEEDS[0]
        nothing = dict.fromkeys(annotate.parts, frozenset[str]())
        assert parts_check(annotate, nothing).prevents_annotating

    def test_all_that_subemo_uses_is_asked_for(self) -> None:
        asked = {
            kind: {part for need in NEEDS for part in need.parts.get(kind, ())}
            for kind in ("demuxers", "muxers", "decoders", "encoders", "filters")
        }
        read = {one.demuxer for form in READERS for one in form.readings("1")}
        assert read <= asked["demuxers"]
        assert {form.muxer for form in READERS if form.muxer} <= asked["muxers"]
        assert {codec for form in READERS for codec in form.tracks.values()} <= asked["encoders"]
        assert {kind for form in READERS for kind in form.tracks} <= asked["muxers"]
        filters = {
            part.partition("=")[0] for part in FILTERS.split(",") if "='" in part or "=n" in part
        }
        watching = {part.partition("=")[0] for part in WATCH.split(",")}
        assert filters == {"asetpts", "asetnsamples"}
        assert filters | watching | {"asplit", "amerge", "channelmap"} <= asked["filters"]


class TestModels:
    @pytest.mark.parametrize(
        ("damaged", "check"),
        [
            ("subemo-crnn/model.tflite", "model subemo-crnn"),
            ("encoder-base/layer-3.onnx", "encoder"),
            ("words-en/words.npz", "model of the words"),
            ("sounds-subemo-crnn/sounds.npz", "model of vocal sounds"),
        ],
    )
    def test_a_damaged_model(self, installation: Path, damaged: str, check: str) -> None:
        path = installation / "models" / damaged
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        try:
            code, checks = doctor_of(installation)
        finally:
            path.write_bytes(whole)
        assert code == 1
        assert checks[check]["state"] == "broken"
        assert "SHA-256" in checks[check]["detail"]
        assert checks["model report-crnn"]["state"] == "ok"

    def test_a_damaged_model_that_annotate_does_not_use(self, installation: Path) -> None:
        path = installation / "models" / "report-crnn" / "model.json"
        whole = path.read_bytes()
        path.write_bytes(b"{}")
        try:
            code, checks = doctor_of(installation)
        finally:
            path.write_bytes(whole)
        assert (code, checks["model report-crnn"]["state"]) == (0, "broken")

    def test_no_models_at_all(self, installation: Path) -> None:
        models = installation / "models"
        models.rename(installation / "elsewhere")
        try:
            code, checks = doctor_of(installation)
        finally:
            (installation / "elsewhere").rename(models)
        assert code == 1
        for name in ("encoder", "model subemo-crnn", "model of the words"):
            assert checks[name]["state"] == "broken"
            assert checks[name]["remedy"]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of subemo, which may be damaged."""
    folder = tmp_path_factory.mktemp("installation")
    for name in ("subemo", "models"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def doctor_of(installation: Path) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "subemo", "doctor", "--json"],
        cwd=installation, env={**os.environ, "PYTHONPATH": str(installation)},
        capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, {one["name"]: one for one in json.loads(done.stdout)["checks"]}


class TestPackages:
    def test_all_of_pyproject_are_known(self) -> None:
        def here(lines: list[str]) -> set[str]:
            needed = map(Requirement, lines)
            return {one.name for one in needed if one.marker is None or one.marker.evaluate()}

        assert here(PROJECT["dependencies"]) == set(BASE)
        optional = PROJECT["optional-dependencies"]
        # These are for work on subemo, its documentation included.
        assert {extra.name for extra in EXTRAS} == set(optional) - {"test", "fuzz", "audit", "docs"}
        for extra in EXTRAS:
            names = here(optional[extra.name])
            assert names - {"subemo", "tensorflow-cpu"} <= set(extra.modules)

    def test_one_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(models, "BASE", {"soxr": "soxr", "no-such": "no_such_module"})
        (check,) = package_checks()
        assert check.prevents_annotating
        assert (check.detail, check.remedy) == ("no-such", "Install them with: pip install no-such")

    def test_an_extra_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(models, "find_spec", lambda _: None)
        for check in extra_checks():
            assert (check.state, check.prevents_annotating) == (State.MISSING, False)
            assert "pip install 'subemo[" in check.remedy


class TestTheMachine:
    def test_a_cache_that_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # A file where the folder should be: root may write into any folder.
        (tmp_path / "file").touch()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        check = found(machine_checks())["cache"]
        assert check.state is State.BROKEN
        assert "nothing is cached" in check.detail
        assert not check.prevents_annotating

    def test_looking_makes_no_cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "new"))
        check = found(machine_checks())["cache"]
        assert (check.state, check.data["entries"]) == (State.OK, 0)
        assert list(tmp_path.iterdir()) == []

    def test_settings_that_cannot_be(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("subemo.toml").write_text("preset = 'dcmp'\n")
        assert found(machine_checks())["settings"].detail == "subemo.toml: preset"
        Path("subemo.toml").write_text("presets = 'dcmp'\n")
        check = found(machine_checks())["settings"]
        assert check.prevents_annotating
        assert "unknown setting 'presets'" in check.detail

    def test_no_room_for_temporary_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = shutil.disk_usage("/")
        monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=LITTLE_ROOM - 1))
        check = found(machine_checks())["temporary files"]
        assert (check.state, check.prevents_annotating) == (State.LIMITED, False)

    def test_no_place_for_temporary_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "file"))
        assert found(machine_checks())["temporary files"].prevents_annotating

    def test_no_font(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("subemo.render.fonts._folders", list)
        check = found(machine_checks())["font for --burn"]
        assert (check.state, check.prevents_annotating) == (State.MISSING, False)
        assert "`font`" in check.remedy


def test_any_error_is_a_result() -> None:
    def fails(error: Exception) -> Check:
        raise error

    check = checked("it", lambda: fails(ImportError("libgomp")), is_required=True, remedy="Do.")
    assert (check.state, check.detail, check.remedy) == (
        State.BROKEN,
        "ImportError: libgomp",
        "Do.",
    )
    check = checked(
        "it",
        lambda: fails(MediaError("no", path="a", remedy="Mend.")),
        is_required=True,
        remedy="Do.",
    )
    assert (check.detail, check.remedy) == ("a: no", "Mend.")
