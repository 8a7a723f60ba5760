"""Leave-one-corpus-out folds: classifiers trained on all other corpora, saved as bundles.

A fold costs one training. Its temperature and threshold come from the
predictions of the shipped model's folds for the *other* unseen corpora, which
are committed beside it, so that the evaluated corpus does not influence them.
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
from ...features import DEFAULT_FRAMES, FrameFeatures
from ...model import DEFAULT_MODEL
from ...model.bundle import Bundle, find_bundle, read_bundle
from ...model.classifier import Classifier
from ..corpora import EVALUATION_ONLY, Clip, count_by_corpus
from ..training.crossval import HELD_OUT, ProtocolAnswers, temperature_for, threshold_of
from ..training.frame_training import FrameRecipe, export, fit
from ..training.training_data import DISTORTED, Data, build_training_data

_ADAPTATION = "film"


@dataclass(frozen=True)
class FoldOptions:
    """How a fold is trained.

    Attributes:
        recipe: the recipe of the networks
        features: the feature set
        distorted: number of distorted versions of each clip to train on
    """

    recipe: FrameRecipe = field(default_factory=FrameRecipe)
    features: FrameFeatures = DEFAULT_FRAMES
    distorted: int = DISTORTED


def fold_classifier(
    corpus: str,
    data: Data,
    *,
    work: Path,
    options: FoldOptions | None = None,
    on_step: OnStep = ignore,
) -> Classifier:
    """Trains a classifier like the default model, without the clips of one corpus.

    A second call with the same data and options reads the saved fold.

    Args:
        corpus: the corpus to leave out
        data: see `subemo.research.training.training_data.read_data`
        work: folder of cached features (``features``) and of trained folds (``folds``)
        options: how the fold is trained
        on_step: called with each step of progress

    Raises:
        CorpusError: if no training data is left
        MissingExtraError: if the extra ``train`` is not installed
    """
    options = options or FoldOptions()
    clips = [clip for clip in data.clips if clip.corpus != corpus]
    if not clips:
        raise CorpusError(f"without {corpus} no training data is left")
    name = f"without-{corpus}"
    folder = work / "folds" / name
    identity = _identity(clips, data, options)
    try:
        finished = read_bundle(folder)
        if finished.provenance.get("identity") == identity:
            return Classifier(finished)
    except BundleError:  # it does not exist yet or is incomplete
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
    """The model to evaluate on a corpus: the given one, or a fold without that corpus.

    Args:
        corpus: the corpus of the evaluation films
        shipped: the shipped model
        data: data to train a fold on; None if no fold may be trained
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
            remedy="Use the protocol films of `subemo crossval`, which trains a fold without it.",
        )
    fold = fold_classifier(corpus, data, work=work, options=options, on_step=on_step).bundle
    # The decision was fitted on validation films, and is the same for all folds.
    return Classifier(
        replace(fold, temperature=shipped.bundle.temperature, decision=shipped.bundle.decision)
    )


def calibration_without(corpus: str) -> tuple[float, float]:
    """Temperature and threshold fitted without one corpus.

    They are fitted like the shipped model's, on its folds' committed predictions for
    the other unseen corpora.
    """
    others = [name for name in HELD_OUT if name != corpus]
    answers = {name: _committed(name) for name in others}
    temperature = temperature_for(None, answers, _ADAPTATION)
    return temperature, threshold_of(answers, temperature, protocols=others)


def _committed(protocol: str) -> ProtocolAnswers:
    """The predictions of a protocol stored beside the default model."""
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
    return ProtocolAnswers(protocol, tuple(clips.values()), arrays)


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
    """A hash of everything a fold depends on."""
    backgrounds = sorted(path.name for path in data.training.files)
    return hashlib.sha256(repr(([c.key for c in clips], backgrounds, options)).encode()).hexdigest()
