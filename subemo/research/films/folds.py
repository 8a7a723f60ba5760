"""A classifier without a corpus in its training data: trained on all others, and saved as a bundle.

It costs one training of a fold and no more. Temperature and threshold come
from the answers of the shipped model's own folds to the *other* unseen
corpora, which are committed beside it, so that the evaluated corpus has no say.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ...core.emotions import EMOTIONS, Emotion
from ...core.errors import BundleError, CorpusError
from ...core.progress import OnStep, ignore
from ...features import WhisperFrames
from ...model import DEFAULT_MODEL
from ...model.bundle import Bundle, find_bundle, read_bundle
from ...model.classifier import Classifier
from ..corpora import Clip, count_by_corpus
from ..corpora.evaluation_only import EVALUATION_ONLY
from ..training.crossval_figures import (
    HELD_OUT,
    ProtocolAnswers,
    temperature_for,
    threshold_of,
)
from ..training.fitting import export, fit
from ..training.frame_training import FrameRecipe
from ..training.training_data import DISTORTED, Data, build_training_data

_ADAPTATION = "film"


@dataclass(frozen=True)
class FoldOptions:
    """How a fold is trained.

    Attributes:
        recipe: of the networks
        features: the feature set
        distorted: how many distorted versions of each clip are learned from
    """

    recipe: FrameRecipe = field(default_factory=FrameRecipe)
    features: WhisperFrames = field(default_factory=WhisperFrames)
    distorted: int = DISTORTED


def fold_classifier(
    corpus: str,
    data: Data,
    *,
    work: Path,
    options: FoldOptions | None = None,
    on_step: OnStep = ignore,
) -> Classifier:
    """A classifier trained as the default model is, without the clips of one corpus.

    A second call with the same data and options reads what the first one saved.

    Args:
        corpus: which is left out
        data: see `subemo.research.training.training_data.read_data`
        work: folder of cached features (``features``) and of trained folds (``folds``)
        options: how it is trained
        on_step: called with each step of progress

    Raises:
        CorpusError: if nothing is left to learn from
        MissingExtraError: without the extra ``train``
    """
    options = options or FoldOptions()
    clips = [clip for clip in data.clips if clip.corpus != corpus]
    if not clips:
        raise CorpusError(f"without {corpus} there is nothing to learn from")
    name = f"without-{corpus}"
    folder = work / "folds" / name
    identity = _identity(clips, data, options)
    try:
        finished = read_bundle(folder)
        if finished.provenance.get("identity") == identity:
            return Classifier(finished)
    except BundleError:  # there is none yet, or half of one
        pass
    bundle = _train(name, clips, data, work, options, on_step, identity)
    card = (
        f"# {name}\n\nThe default model's recipe on every corpus but {corpus}: a fold of films.\n"
    )
    bundle.write(folder, card=card)
    return Classifier(bundle)


def classifier_for(
    corpus: str,
    shipped: Classifier,
    data: Data | None,
    *,
    work: Path,
    options: FoldOptions | None = None,
    on_step: OnStep = ignore,
) -> Classifier:
    """The model that may be evaluated on a corpus: the given one, or a fold without that corpus.

    Args:
        corpus: whose films it is to be evaluated on
        shipped: the model that ships
        data: to train a fold from; None where no fold may be trained
        work: see `fold_classifier`
        options: see `fold_classifier`
        on_step: called with each step of progress

    Raises:
        CorpusError: if the model was trained on the corpus and no fold may be trained
    """
    if corpus in EVALUATION_ONLY or corpus not in shipped.bundle.training_corpora:
        return shipped
    if data is None:
        raise CorpusError(
            f"{shipped.bundle.name} was trained on voices of {corpus}",
            remedy="`subemo crossval --protocol films` trains a fold without it.",
        )
    fold = fold_classifier(corpus, data, work=work, options=options, on_step=on_step).bundle
    # The decision is fitted on films for choosing, by the shipped temperature, and so is everyone's.
    return Classifier(
        replace(fold, temperature=shipped.bundle.temperature, decision=shipped.bundle.decision)
    )


def calibration_without(corpus: str) -> tuple[float, float]:
    """Temperature and threshold that one corpus had no say in.

    Fitted as the shipped model's are, on its folds' committed answers to the
    other unseen corpora.

    Args:
        corpus: whose answers are left out
    """
    others = [name for name in HELD_OUT if name != corpus]
    answers = {name: _committed(name) for name in others}
    temperature = temperature_for(None, answers, _ADAPTATION)
    return temperature, threshold_of(answers, temperature, protocols=others)


def _committed(protocol: str) -> ProtocolAnswers:
    """The answers of a protocol that lie beside the default model."""
    path = find_bundle(DEFAULT_MODEL) / "predictions" / f"{protocol}.csv"
    clips: dict[str, Clip] = {}
    logits: defaultdict[str, list[list[float]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row["clip"]
            clips[key] = Clip(Path(key), Emotion(row["emotion"]), row["speaker"], None, protocol)
            condition = f"{row['condition']}.{row['adaptation']}"
            logits[condition].append([float(row[emotion]) for emotion in EMOTIONS])
    arrays = {name: np.array(rows) for name, rows in logits.items()}
    return ProtocolAnswers(protocol, tuple(clips.values()), arrays, {})


def _train(
    name: str,
    clips: list[Clip],
    data: Data,
    work: Path,
    options: FoldOptions,
    on_step: OnStep,
    identity: str,
) -> Bundle:
    training_data = build_training_data(
        replace(data, clips=tuple(clips)),
        features=options.features,
        work=work,
        distorted=options.distorted,
        levels_db=(),
        on_step=on_step,
    )
    recipe = options.recipe
    fitted = fit(training_data, np.arange(len(clips)), recipe, stage=name, on_step=on_step)
    temperature, threshold = calibration_without(name.removeprefix("without-"))
    provenance = {"training": {"corpora": count_by_corpus(clips)}, "identity": identity}
    return Bundle(
        name,
        options.features,
        fitted.training.mean,
        fitted.training.scale,
        _ADAPTATION,
        export(fitted, training_data, recipe),
        provenance,
        temperature,
        threshold,
    )


def _identity(clips: list[Clip], data: Data, options: FoldOptions) -> str:
    """What a fold depends on."""
    backgrounds = sorted(path.name for path in data.training.files)
    return hashlib.sha256(repr(([c.key for c in clips], backgrounds, options)).encode()).hexdigest()
