"""The default model: trained on every corpus, evaluated on held-out speakers and corpora."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ...core.emotions import EMOTIONS
from ...core.errors import CorpusError
from ...core.progress import OnStep
from ...core.tables import Figure, csv_table
from ...features import DEFAULT_FRAMES, FeatureSet, FrameFeatures, WhisperFrames
from ...features.encoder import BASE_SHA256, TINY_EN_SHA256
from ...model import DEFAULT_MODEL
from ...model.bundle import Bundle
from ...model.statistics import Adaptation
from ..corpora import count_by_corpus
from .crossval import (
    PROTOCOLS,
    ProtocolAnswers,
    cross_validate,
    figures,
    folds_of,
    temperature_for,
    threshold_of,
)
from .frame_training import FrameRecipe, export, fit
from .model_recipe import (
    CardText,
    ModelRecipe,
    Trained,
    TrainOptions,
    figure_table,
    figures_of,
)
from .training_data import Data, TrainingData, build_training_data, read_data

_NAMES = {TINY_EN_SHA256: "Whisper tiny.en", BASE_SHA256: "Whisper base"}


def _values(description: Mapping[str, Any]) -> dict[str, object]:
    training = description["training"]
    parameters = description["features"]["parameters"]
    return {
        "layers": _layers(parameters),
        "networks": training["recipe"]["networks"],
        "frame_ms": parameters["frame_ms"],
        "figures": figure_table(figures_of(description)),
        "temperature": description["calibration"]["temperature"],
        "distorted": training["distorted_versions_of_each_clip"],
        "heard": training["backgrounds"]["heard"],
        "voiceless": training["voiceless_cues"],
        "decision": _decision(description),
    }


def _layers(parameters: Mapping[str, Any]) -> str:
    """The layers in use and their encoders, such as "layer 2 of Whisper tiny.en"."""
    prefixes = [f"{number}." for number in range(1, int(parameters.get("encoders", 0)) + 1)] or [""]
    found = []
    for prefix in prefixes:
        sha256, layers = (
            str(parameters[f"{prefix}{name}"]) for name in ("encoder_sha256", "layers")
        )
        name = _NAMES.get(sha256, f"an encoder with the SHA-256 {sha256}")
        found += [f"layer {layer} of {name}" for layer in layers.split("+")]
    return " and ".join(found)


def _decision(description: Mapping[str, Any]) -> str:
    """The thresholds of shown tags, and what they refer to."""
    threshold = description["calibration"]["threshold"]
    alone = (
        f"A cue decided by itself shows a tag at a probability of at least {threshold:.2f}, at which\n"
        "three of four predictions on the three unseen corpora are right."
    )
    decision = description.get("decision")
    if not decision:
        return alone
    shown = " or ".join(
        f"{numbers['threshold']:.2f} ({'the voice alone' if kind == 'voice' else 'voice and words'})"
        for kind, numbers in decision.items()
    )
    return (
        f"{alone}\n\nThe cues of a film are decided together (`subemo model show` prints the parameters, fitted by\n"
        f"`subemo calibrate`), and a tag is shown from {shown}. The precision of\n"
        "these tags on films, with all eight classes and mostly neutral lines, is in `docs/research/films.md`. Trust those\n"
        "figures for captions; the table above is for clips, over the classes of each corpus."
    )


#: The text; its fields are filled from the bundle.
SUBEMO_CRNN_CARD = CardText(
    intro="""\
subemo's default model: a convolution, a bidirectional GRU and attention over frames of Whisper's
encoders, with a branch for the segment's mean and deviation. The frames are means over {frame_ms:.0f} ms
of the output of {layers}.
Each of {networks} networks uses one layer, in turn; their logits are averaged. Made by
`subemo train --recipe subemo-crnn`, which also writes this page from the figures in `model.json`.

The encoders are OpenAI's (MIT licence); the layers in use are in `models/encoder-tiny-en` and
`models/encoder-base`. They are not fine-tuned, and the model refuses any others: `model.json` has
their SHA-256.""",
    figures="""\
"Unseen" means that training has no clip of that corpus and, for EMOVO and nEMO, none in that
language. "adaptation film" means that features are standardised on the tested clips, without their
labels, like the cues of a film; "none" means standardised on the training data. Calibration errors and
the most confident quarter use a temperature fitted on the other unseen corpora.

{figures}

Values are in percent, with 95 % intervals: a bootstrap over whole speakers, and for the most confident
quarter Wilson's, by clip.

The backgrounds are five tracks of music and one fold of ESC-10 not used in training (listed in
`subemo/research/corpora/backgrounds.py`). UAR is the unweighted average recall; chance is 12.5 % with
eight classes. `predictions/*.csv` has the logits of every tested clip; the probabilities are their
softmax after division by the temperature, {temperature:.2f} in this bundle.

{decision}""",
    training="""\
Every clip in its original and {distorted} distorted versions: speed, rooms, {heard} backgrounds, band
limits, codecs, levels. {voiceless} cues without a voice train it to be uncertain. Most of the corpora
are non-commercial or for research only (RAVDESS CC BY-NC-SA 4.0, TESS CC BY-NC-ND 4.0, nEMO
CC BY-NC-SA 4.0, SAVEE and EMOVO research use). The weights inherit their limits: **not for
commercial use**. The code of subemo is GPL-3.0-or-later.""",
    use="""\
To propose tags for captions of films, which a person proofreads before release. A tag says how a voice
sounds to a listener, not what a person feels. Do not judge people by it.""",
    limits="""\
- Trained on {speakers} actors in studios, who read sentences in English, Italian and Polish. Real
  emotion is less intense than acted emotion, and the figures above are for acted speech.
- Only RAVDESS has "calm", and nEMO has no "disgust".
- Adaptation hardly works for a film of fewer than about 20 cues, and may go too far for one with a
  single emotion (`docs/research/model.md` has the figures).
- The words count for English only, and the picture is ignored.""",
    values=_values,
)


NAME = DEFAULT_MODEL


def _features(options: TrainOptions) -> FrameFeatures:
    if options.encoder is None:
        return DEFAULT_FRAMES
    return WhisperFrames.of_encoder(options.encoder)


def _train(options: TrainOptions, features: FeatureSet, on_step: OnStep) -> Trained:
    """Trains on all corpora, and evaluates on the protocols' folds, trained if missing.

    Temperature and threshold are fitted on the folds' predictions.
    """
    if options.data is None:
        raise CorpusError("the default model needs one folder with all corpora")
    assert isinstance(features, FrameFeatures)
    recipe = (
        FrameRecipe()
        .of_features(features)
        .changed(epochs=options.epochs, batch_size=options.batch_size, seed=options.seed)
    )
    data = read_data(options.data)
    training_data = build_training_data(data, features=features, work=options.work, on_step=on_step)
    reported = [name for name, protocol in PROTOCOLS.items() if protocol.reported]
    folds = [fold for name in reported for fold in folds_of(name, training_data.table.clips)]
    answers = cross_validate(
        training_data, folds, recipe=recipe, work=options.work / "folds", on_step=on_step
    )
    temperature = temperature_for(None, answers, Adaptation.FILM)
    everything = np.arange(len(training_data.table.clips))
    fitted = fit(training_data, everything, recipe, stage="all clips", on_step=on_step)
    bundle = Bundle(
        options.name or NAME,
        features,
        fitted.training.mean,
        fitted.training.scale,
        Adaptation.FILM,
        export(fitted, training_data, recipe),
        _provenance(data, training_data, recipe),
        temperature,
        threshold_of(answers, temperature),
    )
    tables = {one.protocol: answers_table(one) for one in answers.values()}
    return Trained(bundle, figures(answers), tables)


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
    rows: list[Sequence[object]] = [
        ("clip", "speaker", "emotion", "condition", "adaptation", *EMOTIONS)
    ]
    for name, logits in answers.logits.items():
        condition, _, adaptation = name.rpartition(".")
        for clip, row in zip(answers.clips, logits, strict=True):
            about = (clip.key, clip.speaker or "", clip.emotion.value, condition, adaptation)
            rows.append((*about, *(Figure(f"{value:.3f}") for value in row)))
    return csv_table(rows)


#: The recipe of the default model.
SUBEMO_CRNN = ModelRecipe(
    name=NAME,
    features=_features,
    train=_train,
    card=SUBEMO_CRNN_CARD,
    libraries=("numpy", "scipy", "soxr", "onnxruntime", "keras", "ai-edge-litert"),
)
