"""The whole protocol on a small film of nobody's voices, by the model that ships."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from subemo import load_model
from subemo.cli import main
from subemo.cli.research.films import SplitName, VariantName
from subemo.core.errors import CorpusError
from subemo.core.tables import csv_table
from subemo.research.corpora import Split
from subemo.research.films import answers as running
from subemo.research.films.answers import NO_TAG, SETTINGS, Variant, read_answers
from subemo.research.films.building import FilmOrder, build_films
from subemo.research.films.evaluation import evaluate, figures_table
from subemo.research.films.plan import FilmRecipe

from .build import small_data


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "subemo.research.films.plan.FilmRecipe", lambda seed: FilmRecipe(cues=12, seed=seed)
    )
    # `test_evaluation` tests the intervals.
    assert evaluate.__kwdefaults__ is not None
    monkeypatch.setitem(evaluate.__kwdefaults__, "draws", 20)


def evaluate_films(data: Path, *arguments: str) -> int:
    return main(["evaluate", str(data), "--protocol", "films", *arguments])


def test_films_answers_and_figures(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    arguments = ["--corpora", "casia", "--films", "1", "--work", str(work), "-o", str(out)]
    assert evaluate_films(data, *arguments) == 0
    printed = capsys.readouterr().out
    assert "reporting-casia-0-1" in printed
    assert "by subemo-crnn; dropped" in printed
    assert "right of shown tags" in printed
    shown = {}
    for variant in Variant:
        path = out / f"answers-{variant}.csv"
        answers = read_answers(path)
        assert "with words" not in path.read_text()
        assert len(answers) >= 12
        shown[variant] = int((answers.shown != NO_TAG).sum())
        # Anyone who has the answers has the figures.
        table = figures_table(evaluate(answers))
        assert (out / f"figures-{variant}.csv").read_text() == table
    assert shown[Variant.OPEN] >= shown[Variant.DEFAULT]
    assert evaluate_films(data, *arguments) == 1
    assert "an evaluation already" in capsys.readouterr().err
    (film,) = (work / "films").glob("*.flac")
    before = film.stat().st_mtime_ns
    assert evaluate_films(data, *arguments, "--overwrite", "--variant", "open") == 0
    assert film.stat().st_mtime_ns == before


def test_errors_are_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = ["--work", str(tmp_path)]
    assert evaluate_films(data, "--corpora", "casia", "--split", "choosing", *work) == 1
    assert "casia is for evaluation only" in capsys.readouterr().err
    # Both corpora for choosing are among those that the shipped model learned from.
    assert evaluate_films(data, "--split", "choosing", *work) == 1
    assert "was trained on voices of ravdess and savee" in capsys.readouterr().err
    assert evaluate_films(data, "--corpora", "tess", *work) == 1
    assert "was trained on voices of tess" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", ".", "--films", "3"],
        ["evaluate", ".", "--protocol", "trailer", "--seed", "1"],
        ["evaluate", ".", "--protocol", "films", "--labels", "labels.csv"],
        ["evaluate", ".", "--protocol", "films", "--fail-under", "uar=0.5"],
        ["evaluate", ".", "--protocol", "films", "--films", "0"],
        ["crossval", "--data", ".", "--films", "3"],
        ["crossval", "--data", ".", "--protocol", "films", "--protocol", "tess"],
        ["crossval", "--data", ".", "--protocol", "films", "--set", "nothing=1"],
    ],
)
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_the_shipped_model_is_not_evaluated_on_its_training_corpora(
    data: Path, tmp_path: Path
) -> None:
    (film,) = build_films(
        FilmOrder(data, Split.REPORTING, ("casia",), 1, FilmRecipe(cues=5)), "casia", tmp_path
    )
    model = load_model()
    object.__setattr__(film, "corpus", "tess")
    with pytest.raises(CorpusError, match="trained on voices of tess"):
        running.answer_film(film, model, Variant.DEFAULT)


def test_every_variant_has_its_settings() -> None:
    assert set(SETTINGS) == set(Variant)
    assert csv_table([[variant.value for variant in Variant]]) == (
        "default,open,voice,voice-open,adapt-none\n"
    )


def test_the_commands_know_every_split_and_variant() -> None:
    assert get_args(SplitName) == (Split.CHOOSING, Split.REPORTING)
    assert get_args(VariantName) == tuple(Variant)
