from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subemo.core.errors import CorpusError
from subemo.research.films.retagging import retagged
from subemo.tagging.policy import TagPolicy

from ...conftest import write_srt
from .test_metrics import made, posterior

ANGRY, SAD = 4, 3
ANSWERS = made(
    [SAD, 0, ANGRY], [-1, -1, -1], [posterior(SAD, 0.9), posterior(None), posterior(ANGRY, 0.6)]
)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    write_srt(tmp_path / "x.srt", [(9_000 * i, 9_000 * i + 2_000, "Oh.") for i in range(3)])
    return tmp_path


def test_tags_are_those_of_the_policy(films: Path) -> None:
    sure = retagged(ANSWERS, films, TagPolicy(min_confidence=0.8))
    assert sure.shown.tolist() == [SAD, -1, -1]
    unsure = retagged(ANSWERS, films, TagPolicy(min_confidence=0.5, cues_per_tag=1))
    assert unsure.shown.tolist() == [SAD, -1, ANGRY]
    assert np.array_equal(unsure.joint, ANSWERS.joint, equal_nan=True)
    assert unsure.texts["film"].tolist() == ANSWERS.texts["film"].tolist()


def test_films_that_do_not_fit(films: Path) -> None:
    policy = TagPolicy(min_confidence=0.8)
    with pytest.raises(CorpusError, match="cues differ"):
        retagged(ANSWERS.take(np.array([0, 1])), films, policy)
    elsewhere = replace(ANSWERS, texts={**ANSWERS.texts, "film": np.array(["y"] * 3)})
    with pytest.raises(CorpusError, match="is missing"):
        retagged(elsewhere, films, policy)
