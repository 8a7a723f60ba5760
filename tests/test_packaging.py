"""A wheel, built from the tree, annotates the sample where nothing else of the tree is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from subemo import __version__

from .conftest import ROOT

pytest.importorskip("hatchling")


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
