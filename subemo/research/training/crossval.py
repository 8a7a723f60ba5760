"""Cross-validation of the default model: protocols, folds, temperature and threshold, figures."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.emotions import Emotion
from ...core.errors import CorpusError
from ...core.progress import OnStep
from ...model.network import Array, soften
from ...model.statistics import adapted_statistics
from ..corpora import CORPORA, Clip, ClipProtocol
from ..datasets.features import saved_arrays
from ..datasets.splits import check_speakers_apart
from ..evaluation import metrics
from ..evaluation.figures import Figure
from ..evaluation.metrics import Scored, score
from .frame_training import FrameRecipe, fit, predict_logits
from .training_data import TrainingData

Index = npt.NDArray[np.int64]

#: The protocols of all corpora by name; the reported ones first.
PROTOCOLS: dict[str, ClipProtocol] = {
    protocol.name: protocol
    for reported in (True, False)
    for corpus in CORPORA.values()
    for protocol in corpus.protocols
    if protocol.reported is reported
}


@dataclass(frozen=True, eq=False)
class Fold:
    """A fold of a protocol.

    Attributes:
        protocol: a name in `PROTOCOLS`
        number: number of the fold, from 1
        train: positions of the training clips
        test: positions of the test clips, treated as one film
    """

    protocol: str
    number: int
    train: Index
    test: Index

    @property
    def name(self) -> str:
        """The name of its files."""
        return f"{self.protocol}-{self.number}"


def folds_of(name: str, clips: Sequence[Clip]) -> list[Fold]:
    """The folds of a protocol.

    Raises:
        CorpusError: if the protocol's corpus has no clips, or a fold's
            speakers are missing
    """
    protocol = PROTOCOLS[name]
    speakers = np.array([clip.speaker or clip.key for clip in clips])
    tested = np.array([clip.corpus == protocol.corpus for clip in clips])
    if not tested.any():
        raise CorpusError(
            f"the protocol {name!r} needs the corpus {protocol.corpus}",
            remedy=f"Give its folder: {protocol.corpus}=DIR.",
        )
    if protocol.folds is None:
        masks = [tested]
    else:
        groups = protocol.folds(sorted(set(speakers[tested])))
        masks = [tested & np.isin(speakers, group) for group in groups]
    folds = []
    for number, mask in enumerate(masks, 1):
        fold = Fold(name, number, np.flatnonzero(~mask), np.flatnonzero(mask))
        if not fold.test.size or not fold.train.size:
            raise CorpusError(f"fold {number} of {name!r} has no clips for training or testing")
        check_speakers_apart(speakers[fold.train], speakers[fold.test], protocol.title)
        folds.append(fold)
    return folds


#: The adaptations evaluated: with statistics of the training side, and of the test side.
ADAPTED = ("none", "film")


def cross_validate(
    training_data: TrainingData,
    folds: Sequence[Fold],
    *,
    recipe: FrameRecipe,
    work: Path,
    on_step: OnStep,
) -> dict[str, ProtocolAnswers]:
    """The predictions of all folds by protocol; folds that are not saved yet are trained."""
    clips = training_data.table.clips
    found: defaultdict[str, list[Mapping[str, Array]]] = defaultdict(list)
    tested: defaultdict[str, list[Clip]] = defaultdict(list)
    for fold in folds:
        identity = _identity(training_data.name, recipe, fold, clips)
        answer = partial(_answer, training_data, fold, recipe, on_step)
        found[fold.protocol].append(saved_arrays(work, fold.name, identity, answer))
        tested[fold.protocol] += [clips[position] for position in fold.test]
    return {
        protocol: ProtocolAnswers(
            protocol,
            tuple(tested[protocol]),
            {name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        )
        for protocol, parts in found.items()
    }


def _identity(name: str, recipe: FrameRecipe, fold: Fold, clips: Sequence[Clip]) -> str:
    """A hash of everything a fold's predictions depend on."""
    sides = [[clips[position].key for position in side] for side in (fold.train, fold.test)]
    return hashlib.sha256(repr((name, recipe, sides)).encode()).hexdigest()


def _answer(
    training_data: TrainingData, fold: Fold, recipe: FrameRecipe, on_step: OnStep
) -> dict[str, Array]:
    """The logits of the tested clips, shape (clips, 8), by condition, such as ``clean.film``."""
    from .keras_adapter import keras

    keras.backend.clear_session()
    fitted = fit(training_data, fold.train, recipe, stage=fold.name, on_step=on_step)

    clips = [training_data.table.clips[position] for position in fold.test]
    frames_of = {"clean": [training_data.table.frames[position][0] for position in fold.test]}
    for condition, table in training_data.noisy.items():
        of_clip = {
            clip.key: versions[0] for clip, versions in zip(table.clips, table.frames, strict=True)
        }
        if all(clip.key in of_clip for clip in clips):
            frames_of[condition] = [of_clip[clip.key] for clip in clips]
    return {
        f"{condition}.{adaptation}": predict_logits(
            fitted.model,
            frames,
            adapted_statistics(frames, fitted.training, adaptation=adaptation),
            steps=recipe.network.steps,
        )
        for condition, frames in frames_of.items()
        for adaptation in ADAPTED
    }


#: The search range of temperatures, as logarithms.
LOG_BOUNDS = (float(np.log(0.25)), float(np.log(8)))


def fit_temperature(
    loss: Callable[[float], float], log_bounds: tuple[float, float] = LOG_BOUNDS
) -> float:
    """The temperature with the lowest loss.

    Args:
        loss: of a temperature, such as the mean of −log P(label)
        log_bounds: the range of the search, as logarithms
    """
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log: loss(float(np.exp(log))), bounds=log_bounds, method="bounded"
    )
    return float(np.exp(found.x))


def temperature_of(sets: Sequence[tuple[Sequence[Emotion], Array]]) -> float:
    """The temperature that maximises the likelihood of the true emotions.

    As in scoring, over the classes of a set, with equal weight for each set.

    Args:
        sets: for each corpus, at least one, the true emotions of clips that are not in the training
            data, and their logits, shape (clips, 8)
    """
    return fit_temperature(lambda found: float(np.mean([_surprise(*one, found) for one in sets])))


def _surprise(emotions: Sequence[Emotion], logits: Array, temperature: float) -> float:
    """The mean negative log-likelihood of the true emotions."""
    groups = [""] * len(emotions)
    scored = score(emotions, soften(logits, temperature), groups=groups)
    true = scored.probabilities[np.arange(len(groups)), scored.labels]
    return float(-np.log(np.maximum(true, 1e-12)).mean())


#: The corpora tested without any of their clips in training.
HELD_OUT = tuple(n for n, one in PROTOCOLS.items() if one.reported and one.folds is None)

#: The target precision of shown tags on an unseen corpus.
PRECISION = 0.75

#: The share of the most confident clips.
QUARTER = 0.25


@dataclass(frozen=True, eq=False)
class ProtocolAnswers:
    """The predictions of all folds of a protocol, concatenated.

    Attributes:
        protocol: a name in `PROTOCOLS`
        clips: the tested clips
        logits: shape (clips, 8), by condition and adaptation, ``clean.film``
    """

    protocol: str
    clips: tuple[Clip, ...]
    logits: Mapping[str, Array]

    @property
    def conditions(self) -> list[str]:
        """``clean``, and the tested levels over backgrounds."""
        return list(dict.fromkeys(name.rpartition(".")[0] for name in self.logits))

    def score(self, condition: str, adaptation: str, temperature: float = 1.0) -> Scored:
        """The predictions over the corpus's classes."""
        return score(
            [clip.emotion for clip in self.clips],
            soften(self.logits[f"{condition}.{adaptation}"], temperature),
            groups=[clip.speaker or clip.key for clip in self.clips],
            grouped_by="speaker",
        )


def temperature_for(
    protocol: str | None, answers: Mapping[str, ProtocolAnswers], adaptation: str
) -> float:
    """The temperature for evaluating a protocol, fitted on the other unseen corpora.

    A film is more like an unseen corpus than like unseen speakers of a training
    corpus, on which the model may be more confident.

    Args:
        protocol: the protocol; None for the model itself, with all unseen corpora
        answers: predictions by protocol
        adaptation: one of `ADAPTED`
    """
    others = {name: one for name, one in answers.items() if name != protocol} or answers
    unseen = {n: one for n, one in others.items() if PROTOCOLS[n].folds is None} or others
    return temperature_of(
        [
            ([clip.emotion for clip in one.clips], one.logits[f"clean.{adaptation}"])
            for one in unseen.values()
        ]
    )


def threshold_of(
    answers: Mapping[str, ProtocolAnswers],
    temperature: float,
    *,
    protocols: Sequence[str] = HELD_OUT,
) -> float:
    """The confidence at which three of four predictions for unseen corpora are right.

    It is fitted like the temperature, with equal weight for each corpus; a caption
    that is wrong more often is worse than none.
    """
    steps = np.arange(0.30, 0.951, 0.01)
    right = []
    for name in protocols:
        scored = answers[name].score("clean", "film", temperature)
        sure = scored.confidence[None] >= steps[:, None]
        hits = (sure & scored.right).sum(axis=1)
        right.append(hits / np.maximum(sure.sum(axis=1), 1))
    enough = np.flatnonzero(np.mean(right, axis=0) >= PRECISION)
    return round(float(steps[enough[0]]) if enough.size else float(steps[-1]), 2)


def figures(answers: Mapping[str, ProtocolAnswers]) -> list[Figure]:
    """Every figure of every protocol, with both adaptations."""
    found = []
    for name, one in answers.items():
        for adaptation in ADAPTED:
            temperature = temperature_for(name, answers, adaptation)
            for condition in one.conditions:
                scored = one.score(condition, adaptation, temperature)
                where = "" if condition == "clean" else f", {condition} over unseen backgrounds"
                title = f"{PROTOCOLS[name].title}{where}, adaptation {adaptation}"
                found += _figures(scored, title, every=condition == "clean")
    return found


def _figures(scored: Scored, protocol: str, *, every: bool) -> list[Figure]:
    wanted = ("uar", "accuracy", "ece") if every else ("uar",)
    found = [
        Figure.of_rows(
            name, partial(metrics.METRICS[name], scored), scored.groups, protocol=protocol
        )
        for name in wanted
    ]
    if every:
        quarter = metrics.most_confident(scored, QUARTER, protocol=protocol)
        found.append(replace(quarter, metric="accuracy of the most confident quarter"))
    return found
