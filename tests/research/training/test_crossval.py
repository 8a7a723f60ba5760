from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS
from subemo.core.progress import ignore
from subemo.research.evaluation.figures import Figure
from subemo.research.evaluation.metrics import most_confident
from subemo.research.training.crossval import (
    HELD_OUT,
    Fold,
    ProtocolAnswers,
    cross_validate,
    figures,
    temperature_for,
    threshold_of,
)
from subemo.research.training.subemo_crnn import answers_table
from subemo.research.training.training_data import TrainingData

from .test_frame_training import NETWORK, RECIPE
from .test_training_data import table


def answers(protocol: str, *, right: float, sure: float = 3.0, seed: int = 0) -> ProtocolAnswers:
    """Made-up answers of which a share is right."""
    generator = np.random.default_rng(seed)
    clips = tuple(table().clips)
    logits = generator.standard_normal((len(clips), 8)) * 0.1
    for row, clip in zip(logits, clips, strict=True):
        label = EMOTIONS.index(clip.emotion)
        row[label if generator.random() < right else (label + 1) % 8] += sure
    return ProtocolAnswers(protocol, clips, {"clean.none": logits / 2, "clean.film": logits})


class TestMeasured:
    def test_every_protocol_with_both_adaptations(self) -> None:
        found = figures({"tess": answers("tess", right=0.7), "emovo": answers("emovo", right=0.5)})
        assert {figure.metric for figure in found} == {
            "uar", "accuracy", "ece", "accuracy of the most confident quarter"
        }  # fmt: skip
        assert len({figure.protocol for figure in found}) == 4
        for figure in found:
            assert figure.low <= figure.value <= figure.high
            assert figure.clips > 0

    def test_a_temperature_is_not_fitted_on_what_it_is_evaluated_on(self) -> None:
        both = {"tess": answers("tess", right=0.9), "emovo": answers("emovo", right=0.4)}
        assert temperature_for("tess", both, "film") > temperature_for("emovo", both, "film")
        alone = {"tess": answers("tess", right=0.9)}
        assert temperature_for(None, both, "film") != temperature_for(None, alone, "film")

    def test_the_most_confident_quarter(self) -> None:
        scored = answers("tess", right=1.0).score("clean", "film")
        figure = most_confident(scored, 0.25, protocol="p")
        assert figure.value == 1
        assert figure.clips == round(scored.labels.size / 4)

    def test_threshold(self) -> None:
        good = {name: answers(name, right=0.95, seed=k) for k, name in enumerate(HELD_OUT)}
        bad = {name: answers(name, right=0.3, seed=k) for k, name in enumerate(HELD_OUT)}
        assert threshold_of(good, 1.0) < threshold_of(bad, 1.0)


class TestCrossValidation:
    @pytest.fixture
    def training_data(self) -> TrainingData:
        whole = table()
        ravdess = [i for i, clip in enumerate(whole.clips) if clip.corpus == "ravdess"]
        noisy = replace(
            whole,
            clips=tuple(whole.clips[i] for i in ravdess),
            frames=tuple(whole.frames[i][1:2] for i in ravdess),
        )
        return TrainingData(whole, [whole.frames[0][0]], {"10dB": noisy}, "made up")

    @pytest.fixture
    def folds(self, training_data: TrainingData) -> list[Fold]:
        corpora, speakers = training_data.table.corpora, training_data.table.speakers
        masks = [corpora == "nemo", np.isin(speakers, ["ravdess-00", "ravdess-01"])]
        names = ["nemo", "ravdess"]
        return [
            Fold(name, 1, np.flatnonzero(~mask), np.flatnonzero(mask))
            for name, mask in zip(names, masks, strict=True)
        ]

    def test_folds_are_kept_and_gone_on_from(
        self,
        training_data: TrainingData,
        folds: list[Fold],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        pytest.importorskip("tensorflow")
        # The smallest network: `test_frame_training` trains the larger ones.
        recipe = replace(RECIPE, epochs=1, network=replace(NETWORK, sees="summary"))
        first = cross_validate(training_data, folds, recipe=recipe, work=tmp_path, on_step=ignore)
        names = sorted(path.name.rpartition("-")[0] for path in tmp_path.iterdir())
        assert names == ["nemo-1", "ravdess-1"]
        assert set(first["nemo"].logits) == {"clean.none", "clean.film"}
        assert set(first["ravdess"].logits) == {
            f"{c}.{a}" for c in ("clean", "10dB") for a in ("none", "film")
        }
        for fold in folds:
            one = first[fold.protocol]
            assert one.clips == tuple(training_data.table.clips[i] for i in fold.test)
            assert one.logits["clean.film"].shape == (fold.test.size, 8)

        trained: list[str] = []
        monkeypatch.setattr(
            "subemo.research.training.crossval._answer",
            lambda _data, fold, *_: trained.append(fold.name) or first[fold.protocol].logits,
        )
        again = cross_validate(training_data, folds, recipe=recipe, work=tmp_path, on_step=ignore)
        assert trained == []
        np.testing.assert_array_equal(
            again["ravdess"].logits["10dB.none"], first["ravdess"].logits["10dB.none"]
        )

        other = replace(recipe, seed=1)
        cross_validate(training_data, folds[:1], recipe=other, work=tmp_path, on_step=ignore)
        assert trained == ["nemo-1"]

    def test_folds_are_put_together(
        self, training_data: TrainingData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "subemo.research.training.crossval._answer",
            lambda _data, fold, *_: {"clean.film": np.full((1, 8), float(fold.number))},
        )
        clips = training_data.table.clips
        folds = [Fold("ravdess", n, np.array([0]), np.array([n])) for n in (1, 2)]
        whole = cross_validate(training_data, folds, recipe=RECIPE, work=tmp_path, on_step=ignore)[
            "ravdess"
        ]
        assert whole.clips == (clips[1], clips[2])
        np.testing.assert_array_equal(whole.logits["clean.film"][:, 0], [1, 2])


def test_every_answer_is_written(tmp_path: Path) -> None:
    made_up = answers("tess", right=0.5)
    (tmp_path / "tess.csv").write_text(answers_table(made_up))
    with (tmp_path / "tess.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * len(made_up.clips)
    assert {row["adaptation"] for row in rows} == {"none", "film"}
    again = np.array(
        [[float(row[e]) for e in EMOTIONS] for row in rows if row["adaptation"] == "film"]
    )
    np.testing.assert_allclose(again, made_up.logits["clean.film"], atol=5e-4)


def test_figures_print_as_figures() -> None:
    (first, *_) = figures({"tess": answers("tess", right=0.7)})
    assert isinstance(first, Figure)
    assert "TESS, corpus unseen, adaptation none" in str(first)
