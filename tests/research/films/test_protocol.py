"""`subemo crossval --protocol films`: folds on films, on small corpora of synthetic voices."""

from __future__ import annotations

from pathlib import Path

import pytest

from subemo import load_model
from subemo.cli import main
from subemo.core.errors import CorpusError, SettingsError
from subemo.features import WhisperFrames
from subemo.model.bundle import read_bundle
from subemo.research.corpora import Split
from subemo.research.films.building import FilmOrder
from subemo.research.films.evaluation import evaluate
from subemo.research.films.folds import FoldOptions
from subemo.research.films.plan import FilmRecipe
from subemo.research.films.protocol import evaluate_folds
from subemo.research.training.frame_training import FrameRecipe
from tests.research.training.build import small_corpora

from ...conftest import needs
from .build import write_backgrounds, write_meld

pytestmark = needs("tensorflow")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_corpora(tmp_path_factory.mktemp("data"))
    write_meld(root / "text/meld")
    return write_backgrounds(root)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "subemo.research.films.plan.FilmRecipe", lambda seed: FilmRecipe(cues=8, seed=seed)
    )
    # `test_evaluation` tests the intervals.
    assert evaluate.__kwdefaults__ is not None
    monkeypatch.setitem(evaluate.__kwdefaults__, "draws", 20)


def test_folds_are_evaluated_on_films_and_resumed(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    arguments = [
        "crossval", "--data", data, "--protocol", "films", "--split", "choosing",
        "--corpora", "savee", "--films", "1", "--film-seed", "3", "--variant", "default",
        "--epochs", "1", "--set", "networks=1", "--set", "network.sees=summary", "--work", work,
        "-o", out,
    ]  # fmt: skip
    assert main(list(map(str, arguments))) == 0
    printed = capsys.readouterr().out
    assert "choosing-savee-3-1" in printed
    assert "by without-savee" in printed
    assert "right of shown tags" in printed
    fold = read_bundle(work / "folds" / "without-savee")
    assert fold.training_corpora == {"ravdess", "tess", "emovo", "nemo"}
    figures = (out / "figures-default.csv").read_bytes()

    monkeypatch.setattr(
        "subemo.research.films.folds._train", lambda *_: pytest.fail("trained again")
    )
    assert main(list(map(str, arguments))) == 0
    assert (out / "figures-default.csv").read_bytes() == figures


def test_a_changed_recipe_is_not_reported(data: Path, tmp_path: Path) -> None:
    changed = FoldOptions(FrameRecipe(epochs=1), WhisperFrames())
    with pytest.raises(CorpusError, match="must not be used to choose"):
        evaluate_folds(FilmOrder(data), load_model(), work=tmp_path, options=changed)


def test_what_cannot_be_asked() -> None:
    assert FilmOrder(Path(), Split.CHOOSING).names == ("ravdess", "savee")
    with pytest.raises(CorpusError, match="'tess' is not a corpus"):
        FilmOrder(Path(), Split.CHOOSING, ("tess",))
    with pytest.raises(SettingsError, match="films cannot be 0"):
        FilmOrder(Path(), films=0)
