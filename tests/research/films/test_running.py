"""The whole protocol on a small film of nobody's voices, by the model that ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from subemo import load_model
from subemo.core.errors import CorpusError
from subemo.core.tables import csv_table
from subemo.research.films import running
from subemo.research.films.__main__ import main
from subemo.research.films.answers import NO_TAG, read_answers
from subemo.research.films.building import FilmOrder, build_films
from subemo.research.films.evaluation import evaluate, figures_table
from subemo.research.films.recipe import FilmRecipe
from subemo.research.films.running import SETTINGS, Variant
from subemo.research.films.splits import Split

from .build import small_data


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "subemo.research.films.__main__.FilmRecipe", lambda seed: FilmRecipe(cues=12, seed=seed)
    )


def test_films_answers_and_figures(data: Path, tmp_path: Path) -> None:
    arguments = [str(data), "--corpora", "casia", "--films", "1", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert "reporting-casia-0-1" in result.output
    assert "right of shown tags" in result.output
    shown = {}
    for variant in Variant:
        path = tmp_path / f"answers-{variant}.csv"
        answers = read_answers(path)
        assert "with words" not in path.read_text()
        assert len(answers) >= 12
        shown[variant] = int((answers.shown != NO_TAG).sum())
        # Anyone who has the answers has the figures.
        table = figures_table(evaluate(answers))
        assert (tmp_path / f"figures-{variant}.csv").read_text() == table
    assert shown[Variant.LOOSE] >= shown[Variant.DEFAULT]


def test_errors_are_one_line(data: Path, tmp_path: Path) -> None:
    arguments = [str(data), "--corpora", "casia", "--split", "choosing", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "casia is kept for judging models" in result.output


def test_the_shipped_model_is_not_judged_by_what_it_heard(data: Path, tmp_path: Path) -> None:
    (film,) = build_films(
        FilmOrder(data, "casia", Split.REPORTING, 1, FilmRecipe(cues=5)), tmp_path
    )
    model = load_model()
    object.__setattr__(film, "corpus", "tess")
    with pytest.raises(CorpusError, match="trained on voices of tess"):
        running.answer_film(film, model, Variant.DEFAULT)


def test_every_variant_has_its_settings() -> None:
    assert set(SETTINGS) == set(Variant)
    assert csv_table([[variant.value for variant in Variant]]) == "default,adapt-none,loose\n"
