"""The model that is shipped as the default: its answers, its figures, what it refuses."""

from __future__ import annotations

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import BundleError
from subemo.features.whisper import ENCODER_VARIABLE
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.classifier import Classifier
from subemo.research.corpora import Clip
from subemo.research.training.crossval import HELD_OUT, PROTOCOLS, ProtocolAnswers, figures
from subemo.research.training.subemo_crnn import NAME

from ..conftest import silence, speechlike

RATE = 16_000


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.from_bundle(NAME)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_bundle(NAME), tmp_path / "copy"))


def test_it_is_the_default() -> None:
    assert DEFAULT_MODEL == NAME
    assert read_bundle(find_bundle(NAME)).adaptation == "film"


class TestAnswers:
    @pytest.mark.parametrize("seconds", [0.31, 0.5, 3, 9.9, 25])
    def test_any_length(self, classifier: Classifier, seconds: float) -> None:
        prediction = classifier.predict(speechlike(seconds, sample_rate=RATE), RATE)
        assert prediction is not None
        assert sum(prediction.probabilities) == pytest.approx(1)

    def test_too_little(self, classifier: Classifier) -> None:
        for sound in (speechlike(0.2, sample_rate=RATE), silence(3, sample_rate=RATE)):
            assert classifier.predict(sound, RATE) is None

    def test_the_same_each_time(self, classifier: Classifier) -> None:
        clips = [speechlike(2, seed=k, sample_rate=RATE) for k in range(3)]
        again = Classifier.from_bundle(NAME)
        assert classifier.predict(clips, RATE) == again.predict(clips, RATE)

    @pytest.mark.parametrize("cues", [1, 3, 30])
    def test_adapted_to_few_cues_and_many(self, classifier: Classifier, cues: int) -> None:
        vectors = [
            vector
            for k in range(cues)
            if (vector := classifier.extract(speechlike(1.5, seed=k, sample_rate=RATE))) is not None
        ]
        plain = classifier.statistics(vectors, adaptation="none")
        film = classifier.statistics(vectors)
        moved = np.abs(film.mean - plain.mean).mean() / np.abs(plain.scale).mean()
        assert moved > 0
        answers = [classifier.classify(vector, film) for vector in vectors]
        assert all(sum(answer.probabilities) == pytest.approx(1) for answer in answers)

    def test_the_network_takes_part_of_a_long_cue_at_a_time(self, classifier: Classifier) -> None:
        vector = classifier.extract(speechlike(9.5, sample_rate=RATE))
        assert vector is not None
        statistics = classifier.statistics([])
        whole = classifier.classify(vector, statistics)
        assert len(vector) > 40
        assert whole != classifier.classify(vector[:40], statistics)


class TestRefused:
    def change(self, folder: Path, parameters: Mapping[str, object]) -> None:
        path = folder / "model.json"
        description = json.loads(path.read_text())
        description["features"]["parameters"] |= parameters
        path.write_text(json.dumps(description))

    def test_made_for_another_encoder(self, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(ENCODER_VARIABLE, raising=False)
        self.change(copy, {"2.encoder_sha256": "0" * 64})
        with pytest.raises(BundleError, match="another Whisper encoder") as caught:
            read_bundle(copy)
        assert ENCODER_VARIABLE in str(caught.value)

    def test_another_encoder_with_the_wrong_weights(
        self, copy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from subemo.features.encoder import packaged

        monkeypatch.setenv(ENCODER_VARIABLE, str(packaged()))
        self.change(copy, {"2.encoder_sha256": "0" * 64})
        classifier = Classifier(read_bundle(copy))
        with pytest.raises(BundleError, match="SHA-256"):
            classifier.extract(speechlike(1, sample_rate=RATE))

    def test_made_for_other_frames(self, copy: Path) -> None:
        self.change(copy, {"trim_top_db": 20.0})
        with pytest.raises(BundleError, match="this version of subemo does not"):
            read_bundle(copy)

    @pytest.mark.parametrize(
        "change", [{"1.size": 768}, {"2.layers": "2+3"}, {"1.layers": "2+3+9999"}]
    )
    def test_frames_that_do_not_fit_their_layers(self, copy: Path, change: dict[str, Any]) -> None:
        self.change(copy, change)
        with pytest.raises(BundleError, match="layers"):
            read_bundle(copy)

    def test_statistics_that_do_not_fit(self, copy: Path) -> None:
        path = copy / "model.json"
        description = json.loads(path.read_text())
        description["standardisation"]["mean"] = description["standardisation"]["mean"][:2]
        path.write_text(json.dumps(description))
        with pytest.raises(BundleError, match="do not match"):
            read_bundle(copy)


class TestFigures:
    @pytest.fixture(scope="class")
    def answers(self) -> dict[str, ProtocolAnswers]:
        """The predictions that are shipped, read again."""
        return {
            path.stem: _read(path)
            for path in sorted((find_bundle(NAME) / "predictions").glob("*.csv"))
        }

    def test_every_protocol_is_there(self, answers: dict[str, ProtocolAnswers]) -> None:
        assert set(answers) == {name for name, one in PROTOCOLS.items() if one.reported}
        assert {name: len(one.clips) for name, one in answers.items()} == {
            "ravdess": 1_440, "savee": 480, "tess": 1_400, "emovo": 588, "nemo": 2_246
        }  # fmt: skip
        assert set(answers["ravdess"].conditions) == {"clean", "10dB", "5dB", "0dB"}

    def test_the_figures_are_those_of_the_predictions(
        self, answers: dict[str, ProtocolAnswers], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The intervals take a minute and say nothing new here.
        monkeypatch.setattr("subemo.research.evaluation.figures.bootstrap", lambda *_: (0.0, 1.0))
        told = {
            (figure["protocol"], figure["metric"]): figure
            for figure in read_bundle(find_bundle(NAME)).provenance["figures"]
        }
        again = figures(answers)
        assert len(again) == len(told)
        for figure in again:
            there = told[figure.protocol, figure.metric]
            assert figure.value == pytest.approx(
                there["value"], abs=3e-3
            )  # a clip of 360, by rounding
            assert there["low"] <= there["value"] <= there["high"]
            assert there["clips"] == figure.clips

    def test_better_than_the_reports_model_on_what_neither_has_heard(
        self, answers: dict[str, ProtocolAnswers]
    ) -> None:
        from subemo.research.evaluation import metrics

        for name in HELD_OUT:
            scored = answers[name].score("clean", "film")
            assert metrics.uar(scored, np.arange(scored.labels.size)) > 0.5


def _read(path: Path) -> ProtocolAnswers:
    clips: dict[str, Clip] = {}
    logits: defaultdict[str, list[list[float]]] = defaultdict(list)
    with path.open() as file:
        for row in csv.DictReader(file):
            corpus = PROTOCOLS[path.stem].corpus
            clips.setdefault(
                row["clip"],
                Clip(Path(row["clip"]), Emotion(row["emotion"]), row["speaker"], None, corpus),
            )
            condition = f"{row['condition']}.{row['adaptation']}"
            logits[condition].append([float(row[emotion]) for emotion in EMOTIONS])
    arrays = {name: np.array(rows) for name, rows in logits.items()}
    return ProtocolAnswers(path.stem, tuple(clips.values()), arrays)
