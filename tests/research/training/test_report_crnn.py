"""`report-crnn` trained whole, on a small corpus of the official shape made of synthetic voices."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from subemo.core.progress import Step
from subemo.model.bundle import read_bundle
from subemo.model.classifier import Classifier
from subemo.research.datasets import splits
from subemo.research.training import report_crnn
from subemo.research.training.model_recipe import TrainOptions, fill_card, train_model
from subemo.research.training.report_crnn import REPORT_CRNN

from ...conftest import needs, speechlike, write_wav

pytestmark = needs("tensorflow")

ACTORS = 4


@pytest.fixture(scope="module")
def ravdess(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ravdess")
    for actor in range(1, ACTORS + 1):
        folder = root / f"Actor_{actor:02}"
        folder.mkdir()
        for emotion in range(1, 9):
            name = f"03-01-{emotion:02}-01-01-01-{actor:02}.wav"
            gain = np.float32(0.2 + 0.1 * emotion)  # something to learn from
            write_wav(folder / name, gain * speechlike(0.4, seed=100 * actor + emotion))
    return root


def test_trains_measures_writes_and_goes_on(
    ravdess: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splits, "speaker_splits", partial(splits.speaker_splits, folds=3))
    # The smallest network of the report: `test_clip_training` trains and exports the largest.
    monkeypatch.setattr(report_crnn, "FINAL", "cnn-1")
    out, work = tmp_path / "model", tmp_path / "work"
    steps: list[Step] = []

    class StopError(Exception):
        pass

    def stop_in_the_second_fold(step: Step) -> None:
        if step.stage == "held out 2/3":
            raise StopError

    options = TrainOptions(work, {"ravdess": ravdess}, epochs=1, batch_size=16, name="mine")
    with pytest.raises(StopError):
        train_model(REPORT_CRNN, options, out=out, on_step=stop_in_the_second_fold)
    assert not (out / "model.json").exists()

    figures = train_model(REPORT_CRNN, options, out=out, on_step=steps.append)
    trained_now = {step.stage for step in steps} - {"features"}
    assert trained_now == {"held out 3/3"}
    assert all("test accuracy" in step.note for step in steps if step.stage != "features")

    assert [(figure.metric, figure.clips) for figure in figures] == [
        ("accuracy", 32),  # a quarter of 32 clips × 4 versions
        ("accuracy", 32),
        ("uar", 32),
    ]
    bundle = read_bundle(out)
    assert bundle.provenance["training"]["corpora"] == {"ravdess": {"clips": 32, "speakers": 4}}
    assert bundle.provenance["training"]["rows"] == 128
    card = (out / "README.md").read_text()
    assert bundle.name == "mine" and card.startswith("# mine\n")
    assert "speakers held out" in card and "Trained on 4 actors" in card
    assert "RAVDESS is CC BY-NC-SA" in card and "SAVEE" not in card
    assert Classifier.from_bundle(out).predict(speechlike(1), 22_050) is not None

    with (out / "predictions" / "speakers-held-out.csv").open() as file:
        rows = list(csv.DictReader(file))
    right = np.mean([row["emotion"] == row["predicted"] for row in rows])
    assert len({row["clip"] for row in rows}) == len(rows) == 32
    assert right == pytest.approx(figures[1].value)


def test_the_shipped_figures_follow_from_the_shipped_predictions() -> None:
    from subemo.model.bundle import find_bundle

    folder = find_bundle("report-crnn")
    bundle = read_bundle(folder)
    assert bundle.provenance["training"]["rows"] == 7_680
    for name, word in (("report-protocol", "leaks"), ("speakers-held-out", "held out")):
        with (folder / "predictions" / f"{name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 1_920
        right = np.mean([row["emotion"] == row["predicted"] for row in rows])
        (stated,) = (
            figure["value"]
            for figure in bundle.provenance["figures"]
            if word in figure["protocol"] and figure["metric"] == "accuracy"
        )
        assert right == pytest.approx(stated)


def test_the_shipped_card_says_what_the_figures_say() -> None:
    from subemo.model.bundle import find_bundle

    folder = find_bundle("report-crnn")
    description = json.loads((folder / "model.json").read_text())
    assert (folder / "README.md").read_text() == fill_card(REPORT_CRNN.card, description)
