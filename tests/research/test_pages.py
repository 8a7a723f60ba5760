from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.render.canvas import DARK, LIGHT, Theme
from subemo.research import pages
from subemo.research.evaluation.metrics import Scored, score
from subemo.research.films.answers import Variant, read_answers
from subemo.research.films.evaluation import evaluate
from subemo.research.films.protocol import films_page, scored_answers
from subemo.research.plots import scored as pictures
from subemo.tagging.colours import LEAST_CONTRAST, contrast

ANSWERS = Path(__file__).parents[2] / "docs" / "films" / "answers-default.csv"


@pytest.fixture(scope="module")
def scored() -> Scored:
    random = np.random.default_rng(0)
    truth = [EMOTIONS[place] for place in random.integers(2, 6, 60)]
    return score(truth, random.dirichlet(np.ones(8), 60), groups=[str(i) for i in range(60)])


def images(page: str) -> list[str]:
    found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    return [base64.b64decode(one).decode() for one in found]


@pytest.mark.parametrize(
    "draw", [pictures.confusion_matrix, pictures.reliability, pictures.risk_coverage]
)
def test_a_picture_is_there_for_light_and_for_dark(draw: Any, scored: Scored) -> None:
    shown = pages.picture(lambda theme: draw(scored, theme), "what <it> shows")
    dark, light = images(shown)
    assert LIGHT.panel in light and LIGHT.panel not in dark
    assert DARK.panel in dark and DARK.panel not in light
    assert 'alt="what &lt;it&gt; shows"' in shown


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_shares_of_a_confusion_matrix_can_be_read(theme: Theme, scored: Scored) -> None:
    figure = pictures.confusion_matrix(scored, theme)
    (image,) = figure.axes[0].images
    for text in figure.axes[0].texts:
        column, row = text.get_position()
        red, green, blue, _ = image.to_rgba(image.get_array())[row, column]
        ground = "#" + "".join(f"{round(255 * part):02X}" for part in (red, green, blue))
        assert contrast(text.get_color(), ground) >= LEAST_CONTRAST, (text.get_text(), ground)


def test_text_is_text() -> None:
    made = pages.page("<b>", pages.paragraph("a & b"), pages.table(("<i>",), [("<u>",)]))
    assert "<title>&lt;b&gt;</title>" in made
    assert not re.search(r"<(b|i|u)>", made)


def test_calm_counts_as_neutral_on_films() -> None:
    scored = scored_answers(read_answers(ANSWERS))
    assert scored is not None
    assert Emotion.CALM not in scored.emotions
    assert scored.grouped_by == "dialogue"


def test_the_page_of_films_has_every_film_and_loads_nothing() -> None:
    answers = read_answers(ANSWERS)
    made = films_page({Variant.DEFAULT: answers}, {Variant.DEFAULT: evaluate(answers, draws=0)})
    assert len(images(made)) == 2 * 6
    assert "http:" not in made and "https:" not in made
    assert "3,780 cues" in made
