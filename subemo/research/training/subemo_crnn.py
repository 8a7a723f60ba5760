"""The default model: trained on every corpus, evaluated on held-out speakers and corpora."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from ...core.emotions import EMOTIONS
from ...core.errors import CorpusError
from ...core.progress import OnStep, ignore
from ...core.tables import cell
from ...features import DEFAULT_FRAMES, FeatureSet, FrameFeatures, WhisperFrames
from ...model import DEFAULT_MODEL
from ...model.statistics import Adaptation
from ..corpora import count_by_corpus
from .crossval import cross_validate
from .crossval_figures import (
    ProtocolAnswers,
    by_protocol,
    figures,
    temperature_for,
    threshold_of,
)
from .fitting import fit, proof_of
from .frame_training import FrameRecipe
from .model_recipe import Build, ModelRecipe, Trained, TrainOptions
from .protocols import PROTOCOLS, folds_of
from .subemo_crnn_card import SUBEMO_CRNN_CARD
from .training_data import Data, TrainingData, build_training_data, read_data

NAME = DEFAULT_MODEL


def cross_validate_default(
    training_data: TrainingData,
    *,
    protocols: Sequence[str],
    recipe: FrameRecipe,
    work: Path,
    on_step: OnStep = ignore,
) -> dict[str, ProtocolAnswers]:
    """The predictions of every fold of some protocols; missing folds are trained.

    Args:
        training_data: see `build_training_data`
        protocols: names in `PROTOCOLS`
        recipe: the hyperparameters
        work: folder of finished folds
        on_step: called with each step of progress
    """
    clips = training_data.table.clips
    folds = [fold for name in protocols for fold in folds_of(name, clips)]
    answers = cross_validate(
        training_data, folds, recipe=recipe, work=work / "folds", on_step=on_step
    )
    return by_protocol(answers, clips)


def _features(options: TrainOptions) -> FrameFeatures:
    if options.encoder is None:
        return DEFAULT_FRAMES
    return WhisperFrames.of_encoder(options.encoder)


def _frames(features: FeatureSet) -> FrameFeatures:
    assert isinstance(features, FrameFeatures)
    return features


def _recipe(features: FeatureSet) -> FrameRecipe:
    return FrameRecipe().of_features(_frames(features))


def _architecture(features: FeatureSet) -> Build:
    return partial(_recipe(features).build, softmax=True)


def _train(options: TrainOptions, features: FeatureSet, on_step: OnStep) -> Trained:
    """Trains on all corpora, and evaluates on the protocols' folds, trained if missing.

    Temperature and threshold are fitted on the folds' predictions.
    """
    if options.data is None:
        raise CorpusError("the default model needs one folder with all corpora")
    frames = _frames(features)
    recipe = _recipe(features).changed(
        epochs=options.epochs, batch_size=options.batch_size, seed=options.seed
    )
    data = read_data(options.data)
    training_data = build_training_data(data, features=frames, work=options.work, on_step=on_step)
    reported = [name for name, protocol in PROTOCOLS.items() if protocol.reported]
    answers = cross_validate_default(
        training_data, protocols=reported, recipe=recipe, work=options.work, on_step=on_step
    )
    temperature = temperature_for(None, answers, Adaptation.FILM)
    everything = np.arange(len(training_data.table.clips))
    fitted = fit(training_data, everything, recipe, stage="all clips", on_step=on_step)
    return Trained(
        fitted.model,
        gives_logits=True,
        proof=proof_of(fitted, training_data, recipe),
        statistics=fitted.training,
        adaptation=Adaptation.FILM,
        provenance=_provenance(data, training_data, recipe),
        figures=figures(answers),
        predictions={one.protocol: answers_table(one) for one in answers.values()},
        temperature=temperature,
        threshold=threshold_of(answers, temperature),
    )


def _provenance(data: Data, training_data: TrainingData, recipe: FrameRecipe) -> dict[str, object]:
    return {
        "corpora": count_by_corpus(data.clips),
        "distorted_versions_of_each_clip": len(training_data.table.frames[0]) - 1,
        "backgrounds": {"heard": len(data.training.files), "held_out": len(data.held_out.files)},
        "voiceless_cues": len(training_data.silent),
        "recipe": asdict(recipe),
    }


def answers_table(answers: ProtocolAnswers) -> str:
    """All predictions of a protocol as CSV, so that figures can be recomputed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["clip", "speaker", "emotion", "condition", "adaptation", *EMOTIONS])
    for name, logits in answers.logits.items():
        condition, _, adaptation = name.rpartition(".")
        for clip, row in zip(answers.clips, logits, strict=True):
            about = [cell(clip.key), cell(clip.speaker or ""), clip.emotion.value]
            shown = [f"{value:.3f}" for value in row]
            writer.writerow([*about, condition, adaptation, *shown])
    return text.getvalue()


#: The recipe of the default model.
SUBEMO_CRNN = ModelRecipe(
    name=NAME,
    features=_features,
    architecture=_architecture,
    train=_train,
    card=SUBEMO_CRNN_CARD,
    libraries=("numpy", "scipy", "soxr", "onnxruntime", "keras", "ai-edge-litert"),
)
