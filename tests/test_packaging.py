"""A wheel, built from the tree, annotates the sample where nothing else of the tree is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from subemo import __version__

from .conftest import ROOT

pytest.importorskip("hatchling")

PROGRAMS = ROOT / "docs" / "api" / "programs.py"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_models_travel_inside(installed: Path) -> None:
    assert (installed / "subemo" / "models" / "report-crnn" / "model.tflite").is_file()
    assert (installed / "subemo" / "models" / "words-en" / "words.npz").is_file()
    assert (installed / "subemo" / "py.typed").is_file()
    assert (installed / "subemo" / "review" / "static" / "page.html").is_file()


def test_nothing_else_travels(installed: Path) -> None:
    files = [path.relative_to(installed) for path in installed.rglob("*") if path.is_file()]
    assert {path.parts[0] for path in files} == {"subemo", f"subemo-{__version__}.dist-info"}
    packages = {path.parts[1] for path in files if path.parts[0] == "subemo"}
    of_the_tree = {path.name for path in (ROOT / "subemo").iterdir() if path.name != "__pycache__"}
    assert packages == {*of_the_tree, "models"}
    assert {path.suffix for path in files} <= {
        "", ".css", ".html", ".js", ".json", ".md", ".npz", ".onnx", ".py", ".tflite", ".toml",
        ".txt", ".typed", ".csv", ".svg",
    }  # fmt: skip


def test_every_model_travels_whole(installed: Path) -> None:
    models = {path.relative_to(ROOT / "models") for path in (ROOT / "models").rglob("*.*")}
    shipped = installed / "subemo" / "models"
    assert models == {path.relative_to(shipped) for path in shipped.rglob("*.*")}


def test_metadata(installed: Path) -> None:
    (path,) = installed.glob("subemo-*.dist-info/METADATA")
    head = path.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    assert "License-Expression: GPL-3.0-or-later" in head
    assert "Requires-Python: <3.14,>=3.11" in head
    assert "Description-Content-Type: text/markdown" in head
    versions = [line for line in head if line.startswith("Classifier: Programming Language")]
    tested = [f"Classifier: Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13)]
    assert versions[1:] == tested
    # What the Makefile looks for is what the package takes.
    assert "(3, 11) <= sys.version_info[:2] < (3, 14)" in (ROOT / "Makefile").read_text()


def test_the_changelog_has_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(__version__)}\] - 20\d\d-\d\d-\d\d$", changelog, re.M)


def test_the_version_is_said_once(installed: Path) -> None:
    (metadata,) = installed.glob("subemo-*.dist-info/METADATA")
    assert f"\nVersion: {__version__}\n" in metadata.read_text(encoding="utf-8")
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in content["project"]


def test_annotates_the_sample(installed: Path, trailer: tuple[Path, Path], tmp_path: Path) -> None:
    code = (
        "import sys, subemo; assert subemo.__file__.startswith(sys.argv.pop(1));"
        "from subemo.model.bundle import find_bundle;"
        "assert 'site' in str(find_bundle('report-crnn'));"
        "from subemo.__main__ import run; run()"
    )
    out = tmp_path / "out.srt"
    arguments = ["annotate", *map(str, trailer), "-o", str(out), "--all"]
    subprocess.run(
        [sys.executable, "-c", code, str(installed), *arguments],
        cwd=tmp_path, check=True, env={**os.environ, "PYTHONPATH": str(installed)},
    )  # fmt: skip
    assert out.read_text().count("[") == 4


@pytest.fixture(scope="module")
def python(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the wheel and its dependencies, and nothing of the tree."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder / "venv", with_pip=False)
    packages = next((folder / "venv").glob("lib/python3*/site-packages"))
    others = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "wheel.pth").write_text("\n".join([str(installed), *others]))
    return next((folder / "venv").glob("*/python"))


def test_the_five_programs_are_well_typed(python: Path, tmp_path: Path) -> None:
    shutil.copy(PROGRAMS, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python),
         "--config-file", os.devnull, "--cache-dir", str(tmp_path / "cache"), PROGRAMS.name],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Success: no issues found in 1 source file\n")


def test_the_five_programs_run(
    python: Path, installed: Path, trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    shutil.copy(PROGRAMS, tmp_path)
    (tmp_path / "films").mkdir()
    for name in ("one", "two", "three"):
        for path in trailer:
            shutil.copy(path, tmp_path / "films" / f"{name}{path.suffix}")
    (tmp_path / "films" / "broken.mp4").touch()
    (tmp_path / "words.toml").write_text('sad = "woeful"\n')
    (tmp_path / "colours.toml").write_text('sad = "#FFFFFF"\n')
    (tmp_path / "run.py").write_text(_RUN)
    done = subprocess.run(
        [str(python), "run.py", str(installed), *map(str, trailer)],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "annotate": ["neutral or calm", "neutral or calm", "[sadly]", "neutral or calm"],
        "classify": {"trailer.mp4": "sad", "none.wav": "no such file"},
        "own words": True,
        "own model": 1.0,
        "resumed": 3,
        "failed": ["broken.mp4: films/broken.mp4: "],
        "progress": "4 of 4 films; ",
    }


_RUN = """
import json, shutil, sys, time
from pathlib import Path
import numpy as np
import programs, subemo
assert subemo.__file__.startswith(sys.argv[1]), subemo.__file__
film, subtitles = map(Path, sys.argv[2:])
reasons = programs.annotate(film, subtitles, Path("a.vtt"))
assert Path("a.vtt").read_text().startswith("WEBVTT")
emotions = programs.classify([film, Path("none.wav")])
shutil.copy(subtitles, "own.srt")
own = programs.with_own_words(film, Path("own.srt"), Path("words.toml"), Path("colours.toml"))
shutil.copytree(Path(subemo.__file__).parent / "models" / "report-crnn", "model")
noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
shares = programs.with_own_model(Path("model"), noise, 48_000)
shown = []
is_cancelled = lambda: int(shown[-1][0]) >= 2
first, failed = programs.annotate_many(Path("films"), Path("out"), shown.append, is_cancelled)
assert len(first) + len(failed) in (2, 3), (first, failed)
rest, failed = programs.annotate_many(Path("films"), Path("out"), shown.append, lambda: False)
print(json.dumps({
    "annotate": reasons, "classify": emotions, "own words": b"WOEFUL" in own,
    "own model": round(sum(shares), 3), "resumed": len(rest),
    "failed": [one.partition("no")[0] for one in failed], "progress": shown[-1],
}))
"""


def test_the_docker_image_is_made_as_the_demo_is() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    makefile = (ROOT / "Makefile").read_text()
    assert "RUN make .venv/.core" in lines
    assert "demo: $(VENV)/.core" in makefile
    assert lines.index("USER subemo") < lines.index("RUN make .venv/.core")
    version = next(line for line in lines if line.startswith("FROM ")).split(":")[1].split("-")[0]
    assert version in ("3.11", "3.12", "3.13")
    # What the build needs is not left out of what it is given.
    ignored = (ROOT / ".dockerignore").read_text().split()
    for part in (
        "subemo",
        "models",
        "pyproject.toml",
        "uv.lock",
        "Makefile",
        "README.md",
        "LICENSE",
    ):
        assert part not in ignored
        assert (ROOT / part).exists()
