"""A corpus or a recipe of one's own is one file and one line, as ARCHITECTURE.md says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import subemo

from ..conftest import needs, speechlike, write_wav
from .training.build import small_corpora

PACKAGE = Path(subemo.__file__).parent
CORPUS = '''
"""A corpus of one's own."""

import re

from .base import ClipProtocol, NamedFiles, Split


class Toy(NamedFiles):
    """``toy-anna-sad-1.wav``."""

    name = "toy"
    example = "toy-anna-sad-1.wav"
    pattern = re.compile(r"toy-(?P<speaker>[a-z]+)-(?P<label>[a-z]+)-(?P<statement>\\d)")
    language = "de"
    splits = (Split.TRAINING, Split.REPORTING)
    protocols = (ClipProtocol("toy", "Toy, corpus unseen", name, None),)


CORPUS = Toy()
'''
RECIPE = '''
"""A recipe of one's own."""

from dataclasses import replace

from .report_crnn import REPORT_CRNN

TOY_CRNN = replace(REPORT_CRNN, name="toy-crnn")
'''


def added(package: Path, file: str, text: str, registry: str, before: str, line: str) -> None:
    """Writes one file and one line."""
    (package / file).write_text(text)
    content = (package / registry).read_text()
    assert content.count(before) == 1
    (package / registry).write_text(content.replace(before, f"{line}\n{before}"))


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("code")
    package = root / "subemo"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "models"))
    models = PACKAGE / "models"
    (root / "models").symlink_to(models if models.is_dir() else PACKAGE.parent / "models")
    corpora, training = "research/corpora", "research/training"
    added(
        package, f"{corpora}/toy.py", CORPUS, f"{corpora}/__init__.py", '    "ased",', '    "toy",'
    )
    added(
        package, f"{training}/toy_crnn.py", RECIPE, f"{training}/registry.py", "\n#: The recipes by",
        '_ALL += (RecipeEntry("toy_crnn", "a toy"),)',
    )  # fmt: skip
    return root


def ran(code: Path, script: str, *arguments: object) -> str:
    found = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(code)},
        cwd=code,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


@needs("tensorflow")
def test_a_corpus_is_one_file_and_one_line(code: Path, tmp_path: Path) -> None:
    data = small_corpora(tmp_path)
    for place, emotion in enumerate(("neutral", "sad", "angry")):
        for speaker in ("anna", "ida"):
            write_wav(data / f"toy/toy-{speaker}-{emotion}-1.wav", speechlike(0.5, seed=place))
    printed = ran(
        code,
        """
import sys
from pathlib import Path
from subemo.cli import main
from subemo.research.films.building import FilmOrder
from subemo.research.sounds.sources import SPEECH
from subemo.research.training import training_data

data = sys.argv[1]
assert FilmOrder(Path(data), corpora=("toy",)).names == ("toy",) and "toy" in SPEECH
training_data.DISTORTED, training_data.build_training_data.__kwdefaults__["levels_db"] = 0, ()
assert main(["evaluate", f"{data}/toy"]) == 0
assert main([
    "crossval", "--data", data, "--protocol", "toy", "--work", f"{data}/work", "--epochs", "1",
    "--set", "networks=1", "--set", "network.sees=summary",
]) == 0
""",
        data,
    )
    assert "toy, adaptation film, 6 clips" in printed
    assert "Toy, corpus unseen, adaptation film" in printed


def test_a_recipe_is_one_file_and_one_line(code: Path) -> None:
    printed = ran(
        code,
        """
from subemo.cli import main
from subemo.research.training.registry import RECIPES

assert RECIPES["toy-crnn"].load().name == "toy-crnn"
main(["train", "--help"])
""",
    )
    assert "toy-crnn takes --data" in printed
