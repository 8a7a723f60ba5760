"""A fold of films, trained on small corpora of synthetic voices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subemo import load_model
from subemo.core.errors import CorpusError
from subemo.research.corpora import read_clips
from subemo.research.corpora.backgrounds import read_backgrounds
from subemo.research.films import folds
from subemo.research.films.folds import (
    FoldOptions,
    calibration_without,
    classifier_for,
    fold_classifier,
)
from subemo.research.training.frame_training import FrameRecipe
from subemo.research.training.training_data import Data
from tests.conftest import needs, speechlike, write_wav

pytestmark = needs("tensorflow")

RECIPE = FrameRecipe()
OPTIONS = FoldOptions(
    # The smallest network: `test_frame_training` trains and exports the others.
    recipe=replace(RECIPE, epochs=1, networks=1, network=replace(RECIPE.network, sees="summary")),
    distorted=1,
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    root = tmp_path_factory.mktemp("data")
    for place, code in enumerate(("dis", "gio", "neu")):
        for speaker in ("f1", "m1"):
            name = f"emovo/{code}-{speaker}-b1.wav"
            write_wav(root / name, speechlike(0.5, seed=place))
    for code in ("a01", "n01", "sa01"):
        write_wav(root / f"savee/DC/{code}.wav", speechlike(0.5, seed=len(code)))
    for name in ("music/a", "music/sorohanro_-_solo-trumpet-06", "noise/002_-_Rain/1-1-A"):
        write_wav(root / f"backgrounds/{name}.wav", speechlike(1))
    heard, held_out = read_backgrounds(root / "backgrounds")
    clips = read_clips({name: root / name for name in ("emovo", "savee")})
    return Data(tuple(clips), heard, held_out)


def test_a_fold_has_not_heard_its_corpus_and_is_kept(
    data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fold_classifier("emovo", data, work=tmp_path, options=OPTIONS)
    assert first.bundle.training_corpora == {"savee"}
    assert (first.bundle.temperature, first.bundle.threshold) == calibration_without("emovo")
    prediction = first.predict(speechlike(1, sample_rate=16_000), 16_000)
    assert prediction is not None
    monkeypatch.setattr(folds, "_train", lambda *_: pytest.fail("trained again"))
    again = fold_classifier("emovo", data, work=tmp_path, options=OPTIONS)
    assert again.bundle.digest == first.bundle.digest


def test_nothing_left_to_learn_from(data: Data, tmp_path: Path) -> None:
    alone = replace(data, clips=tuple(c for c in data.clips if c.corpus == "emovo"))
    with pytest.raises(CorpusError, match="without emovo no training data"):
        fold_classifier("emovo", alone, work=tmp_path, options=OPTIONS)


def test_the_shipped_model_where_the_corpus_is_held_out(tmp_path: Path) -> None:
    shipped = load_model()
    assert classifier_for("casia", shipped, None, work=tmp_path) is shipped
    with pytest.raises(CorpusError, match="trained on voices of nemo"):
        classifier_for("nemo", shipped, None, work=tmp_path)


def test_a_corpus_has_no_say_in_its_own_calibration() -> None:
    found = {name: calibration_without(name) for name in ("tess", "emovo", "nemo", "ravdess")}
    assert len(set(found.values())) == 4
    # Left out of nothing: as the shipped model's own.
    bundle = load_model().bundle
    assert found["ravdess"] == (pytest.approx(bundle.temperature, abs=1e-3), bundle.threshold)
