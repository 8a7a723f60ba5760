"""The whole of `train --recipe default` and `crossval`, on small corpora of synthetic voices."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import click
import pytest

from subemo.cli import main
from subemo.cli.research.train import train
from subemo.features import FrameFeatures
from subemo.model.bundle import read_bundle
from subemo.model.classifier import Classifier
from subemo.research.evaluation.figures import Figure
from subemo.research.training import training_data
from subemo.research.training.frame_training import FrameRecipe
from subemo.research.training.model_recipe import figure_table, fill_card
from subemo.research.training.registry import RECIPES
from subemo.research.training.subemo_crnn import NAME, SUBEMO_CRNN

from ...conftest import needs, speechlike
from .build import small_corpora

pytestmark = needs("tensorflow")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_corpora(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_data, "DISTORTED", 1)
    halves = (tuple(range(1, 13)), tuple(range(13, 25)))
    monkeypatch.setattr("subemo.research.corpora.ravdess.EMOBOX", halves)
    monkeypatch.setattr("subemo.research.evaluation.figures.bootstrap", lambda *_: (0.0, 1.0))
    # One linear network; `test_frame_training` trains and exports the others, jointly too.
    made = FrameRecipe.of_features

    def linear(recipe: FrameRecipe, features: FrameFeatures) -> FrameRecipe:
        full = made(recipe, features)
        return replace(full, networks=1, network=replace(full.network, sees="summary"))

    monkeypatch.setattr(FrameRecipe, "of_features", linear)


def test_trains_measures_and_writes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, work = tmp_path / "my model", tmp_path / "work"
    where = ["--data", str(data), "--work", str(work), "--epochs", "1", "--batch-size", "16"]
    assert main(["crossval", *where, "--protocol", "savee"]) == 0
    printed = capsys.readouterr().out
    assert "SAVEE, one speaker out, adaptation film" in printed
    folds = sorted((work / "folds").iterdir())  # the name has a digest of what the fold depends on
    assert [path.name.rpartition("-")[0] for path in folds] == ["savee-1", "savee-2"]
    before = folds[0].stat().st_mtime_ns

    assert main(["train", *where, "-o", str(out)]) == 0
    assert folds[0].stat().st_mtime_ns == before
    bundle = read_bundle(out)
    assert bundle.name == "my-model", "named after its folder"
    assert bundle.adaptation == "film"
    assert bundle.mean.shape == (3, 896)
    assert 0.25 <= bundle.temperature <= 8
    protocols = {figure["protocol"] for figure in bundle.provenance["figures"]}
    assert any("0dB over unseen backgrounds" in protocol for protocol in protocols)
    assert (out / "README.md").read_text() == fill_card(SUBEMO_CRNN.card, bundle.description())
    assert {path.stem for path in (out / "predictions").iterdir()} == {
        "ravdess", "savee", "tess", "emovo", "nemo"
    }  # fmt: skip
    assert Classifier(bundle).predict(speechlike(2), 22_050) is not None
    assert main(["train", "--recipe", "default", *where, "-o", str(out)]) == 1


def test_what_is_missing_is_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = tmp_path / "part"
    shutil.copytree(data / "savee", part / "savee")
    assert main(["crossval", "--data", str(part)]) == 1
    assert "lacks ravdess, tess, emovo, nemo, backgrounds" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["crossval"],
        ["crossval", "--data", ".", "--protocol", "nothing"],
        ["crossval", "--data", ".", "--set", "nothing=1"],
        ["crossval", "--data", ".", "--set", "epochs"],
        ["train"],
        ["train", "--ravdess", "."],
        ["train", "--recipe", "nothing"],
        ["train", "--recipe", "report-crnn"],
        ["train", "--recipe", "default"],
        ["train", "--recipe", "default", "--data", ".", "--ravdess", "."],
        ["train", "--recipe", "report", "--data", "."],
        ["train", "--recipe", "report-crnn", "--ravdess", ".", "--name", "my model"],
        ["train", "--recipe", "report-crnn", "--ravdess", ".", "-o", "…"],
    ],
)
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_the_cards_table() -> None:
    figures = [
        Figure("uar", 0.5, 0.4, 0.6, 10, "one", ""),
        Figure("ece", 0.1, 0.05, 0.2, 10, "one", ""),
        Figure("uar", 0.3, 0.2, 0.4, 1_234, "two", ""),
    ]
    assert figure_table(figures).splitlines() == [
        "| protocol | clips | UAR | calibration error |",
        "|---|---|---|---|",
        "| one | 10 | 50.0 [40.0, 60.0] | 10.0 [5.0, 20.0] |",
        "| two | 1,234 | 30.0 [20.0, 40.0] |  |",
    ]


def test_the_shipped_cards_say_what_their_figures_say() -> None:
    from subemo.model.bundle import find_bundle

    folder = find_bundle(NAME)
    description = json.loads((folder / "model.json").read_text())
    assert (folder / "README.md").read_text() == fill_card(SUBEMO_CRNN.card, description)
    table = (Path(__file__).parents[3] / "models" / "README.md").read_text()
    for figure in description["figures"]:
        if figure["metric"] == "uar" and "backgrounds" not in figure["protocol"]:
            value, low, high = (100 * figure[key] for key in ("value", "low", "high"))
            assert f"{value:.1f} [{low:.1f}, {high:.1f}]" in table


def test_the_command_knows_every_recipe() -> None:
    choice = next(option.type for option in train.params if option.name == "recipe")
    assert isinstance(choice, click.Choice)
    assert tuple(RECIPES) == tuple(choice.choices)
    assert next(iter(RECIPES)) == NAME
    assert all(name == entry.load().name for name, entry in RECIPES.items())
