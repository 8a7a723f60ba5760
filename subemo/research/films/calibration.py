"""Fits a model's decision parameters on the validation films."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import cast

import numpy as np
import numpy.typing as npt

from ...analysis.analyse import analyse
from ...analysis.film import open_film
from ...analysis.joint import evidence_of
from ...core.emotions import EMOTIONS, UNMARKED, Emotion
from ...core.errors import CorpusError
from ...core.progress import OnStep, Step, ignore
from ...core.settings import check_number
from ...model.bundle import Bundle
from ...model.classifier import Classifier
from ...model.decision import DecisionParameters, Evidence, Witnesses, joint_posteriors
from ...sources.lookup import read_subtitles
from ...text_model import TextModel
from ..corpora import Split
from ..training.training_data import read_data
from .building import FilmOrder, build_films
from .folds import classifier_for

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

_NEUTRAL, _CALM = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
_EMOTIONAL = np.array([emotion not in UNMARKED for emotion in EMOTIONS])
#: The emotions with a free prior, relative to neutral; calm has none.
_FREE = np.flatnonzero(_EMOTIONAL)

#: The target precision of shown tags, by the evidence for the decision.
PRECISION: Mapping[Witnesses, float] = MappingProxyType(
    {Witnesses.VOICE: 0.75, Witnesses.VOICE_AND_WORDS: 0.85}
)
#: The strength of the shrinkage of the prior's logarithms; a thousandth of a cue's loss.
_PULL = 1e-4
#: The fewest tags for which precision is estimated.
_LEAST_TAGS = 20
_THRESHOLDS = np.arange(0.3, 0.995, 0.01)
#: The start of the search: logarithms of both weights, the logit of the persistence, the
#: logarithm of its decay in ms, and of each emotion's prior relative to neutral.
_START = (0.0, -1.0, -1.5, 8.0, -1.5, -2.5, -2.5, -3.0, -3.0, -2.5)


@dataclass(frozen=True, eq=False)
class FilmEvidence:
    """The evidence for a film, and the truth.

    Attributes:
        corpus: the corpus of its voices, which the model was not trained on
        evidence: the posteriors of the witnesses, by cue
        truth: positions in `EMOTIONS`, shape (cues,)
    """

    corpus: str
    evidence: Evidence
    truth: Index


def fit_decision(
    films: Sequence[FilmEvidence], kind: Witnesses, *, precision: float | None = None
) -> DecisionParameters:
    """Fits the parameters of the decision.

    Args:
        films: validation films, of at least two corpora
        kind: the evidence for the decision; for the voice alone the words are ignored
        precision: target precision of shown tags, 0 to 1; None for that of `PRECISION`

    Raises:
        CorpusError: if there are films of fewer than two corpora
        MissingExtraError: if the extra ``train`` is not installed
    """
    if len({film.corpus for film in films}) < 2:
        raise CorpusError("a decision must be fitted on films of at least two corpora")
    found = _fitted(films, kind is Witnesses.VOICE_AND_WORDS)
    least = PRECISION[kind] if precision is None else precision
    return replace(found, threshold=_threshold(films, found, least))


def _fitted(films: Sequence[FilmEvidence], has_words: bool) -> DecisionParameters:
    from scipy.optimize import minimize

    def loss(point: Array) -> float:
        parameters = _parameters(point, has_words)
        total = sum(_loss(film, parameters) for film in films)
        return total / sum(len(film.truth) for film in films) + _PULL * float(point[4:] @ point[4:])

    found = minimize(loss, np.array(_START), method="L-BFGS-B", options={"maxiter": 40})
    return _parameters(cast(Array, found.x), has_words)


def _parameters(point: Array, has_words: bool) -> DecisionParameters:
    prior = np.zeros(len(EMOTIONS))
    prior[_NEUTRAL] = 1
    prior[_FREE] = np.exp(point[4:])
    prior /= prior.sum()
    return DecisionParameters(
        voice_weight=float(np.exp(min(point[0], 3))),
        words_weight=float(np.exp(min(point[1], 3))) if has_words else 0.0,
        prior=tuple(prior.tolist()),
        persistence=float(1 / (1 + np.exp(-point[2]))),
        decay_ms=float(np.exp(min(point[3], 15))),
        threshold=1.0,
    )


def _loss(film: FilmEvidence, parameters: DecisionParameters) -> float:
    posteriors = _captioned(joint_posteriors(film.evidence, parameters))
    of_truth = posteriors[np.arange(len(film.truth)), film.truth]
    return float(-np.log(np.maximum(of_truth, 1e-9)).sum())


def _captioned(posteriors: Array) -> Array:
    """Merges calm with neutral, which captions do not distinguish."""
    merged = posteriors.copy()
    merged[:, _NEUTRAL] += merged[:, _CALM]
    merged[:, _CALM] = 0
    return merged


def _threshold(
    films: Sequence[FilmEvidence], parameters: DecisionParameters, precision: float
) -> float:
    """The lowest confidence at which the required share of tags is right."""
    confidence, is_right = [], []
    for film in films:
        posteriors = joint_posteriors(film.evidence, parameters)
        likeliest = posteriors.argmax(axis=1)
        voice = film.evidence.voice[np.arange(len(likeliest)), likeliest]
        prior = film.evidence.voice_prior[likeliest]
        is_shown = _EMOTIONAL[likeliest] & (np.nan_to_num(voice) >= prior)
        confidence.append(posteriors.max(axis=1)[is_shown])
        is_right.append((likeliest == film.truth)[is_shown])
    sure, right = np.concatenate(confidence), np.concatenate(is_right)
    for threshold in _THRESHOLDS:
        shown = sure >= threshold
        if shown.sum() < _LEAST_TAGS:
            break
        if right[shown].mean() >= precision:
            return round(float(threshold), 2)
    raise CorpusError(
        f"no threshold reaches a precision of {precision:.0%} with at least {_LEAST_TAGS} tags",
        remedy="Lower `precision`, or use more `films`.",
    )


def calibrated(
    model: Classifier,
    text_model: TextModel | None,
    order: FilmOrder,
    *,
    work: Path,
    precision: float | None = None,
    on_step: OnStep = ignore,
) -> Bundle:
    """Returns the model with fitted decision parameters.

    The evidence for a film comes from a fold trained without its corpus.

    Args:
        model: the voice model
        text_model: the text model, not trained on validation dialogues; None for the voice alone
        order: the validation films
        work: folder of cached features, folds and films
        precision: target precision of shown tags, 0 to 1; None for
            `subemo.research.films.calibration.PRECISION`
        on_step: called with each step of progress

    Raises:
        CorpusError: if data is missing, or no threshold reaches the precision
        MissingExtraError: if a fold must be trained without the extra ``train``
        SettingsError: if the precision is invalid
    """
    assert order.split is Split.CHOOSING
    if precision is not None:
        check_number("precision", precision, low=0, high=1, is_whole=False)
    films = list(_films(model, text_model, order, work, on_step))
    kinds = [Witnesses.VOICE, *([] if text_model is None else [Witnesses.VOICE_AND_WORDS])]
    decision = {kind: fit_decision(films, kind, precision=precision) for kind in kinds}
    return replace(model.bundle, decision=decision)


def _films(
    model: Classifier,
    text_model: TextModel | None,
    order: FilmOrder,
    work: Path,
    on_step: OnStep,
) -> Iterator[FilmEvidence]:
    """The posteriors of voice and words for each film, by a fold that does not know its voices."""
    data = read_data(order.data)
    for done, corpus in enumerate(order.names):
        on_step(Step("films", done, len(order.names)))
        fold = classifier_for(corpus, model, data, work=work, on_step=on_step)
        alone = Classifier(replace(fold.bundle, decision={}))
        for film in build_films(order, corpus, work / "films"):
            track = read_subtitles(film.subtitles)
            found = analyse(open_film(film.sound), track, model=alone)
            evidence = evidence_of(found.cues, found.predictions, text_model, track.document.form)
            truth = np.array([EMOTIONS.index(cue.emotion) for cue in film.cues])
            yield FilmEvidence(corpus, evidence, truth)
    on_step(Step("films", len(order.names), len(order.names)))
