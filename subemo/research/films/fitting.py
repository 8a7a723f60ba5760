"""The few numbers of a film's decision, fitted on the films for choosing.

The posteriors of `subemo.model.decision.joint_posteriors` are made as likely as
they can be for the voices' true emotions (maximum likelihood, with a weak pull
of the prior's logarithms towards one another). The threshold is the least from
which on the wanted share of tags is right on the same films: ten numbers and a
threshold are few for some two thousand cues, and docs/films.md has what a more
careful rule came to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import cast

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS, UNMARKED, Emotion
from ...core.errors import CorpusError
from ...model.decision import DecisionParameters, Evidence, Witnesses, joint_posteriors

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

_NEUTRAL, _CALM = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
_EMOTIONAL = np.array([emotion not in UNMARKED for emotion in EMOTIONS])
#: The emotions whose prior is free; neutral's is what they are measured by, calm has none.
_FREE = np.flatnonzero(_EMOTIONAL)

#: How often a shown tag is to be right, by what the decision rests on.
PRECISION: Mapping[Witnesses, float] = MappingProxyType(
    {Witnesses.VOICE: 0.75, Witnesses.VOICE_AND_WORDS: 0.85}
)
#: How strongly the prior's logarithms are pulled together; a thousandth of a cue's loss.
_PULL = 1e-4
#: Fewer tags than this say nothing of their precision.
_LEAST_TAGS = 20
_THRESHOLDS = np.arange(0.3, 0.995, 0.01)
#: Where the search begins: logarithms of both weights, the logit of the persistence, the
#: logarithm of its decay in ms, and of each emotion's prior by neutral's.
_START = (0.0, -1.0, -1.5, 8.0, -1.5, -2.5, -2.5, -3.0, -3.0, -2.5)


@dataclass(frozen=True, eq=False)
class FilmEvidence:
    """What the witnesses say of a film, and the truth.

    Attributes:
        corpus: whose voices it has, which the model was not trained on
        evidence: what the witnesses say, by cue
        truth: positions in `EMOTIONS`, shape (cues,)
    """

    corpus: str
    evidence: Evidence
    truth: Index


def fit_decision(
    films: Sequence[FilmEvidence], kind: Witnesses, *, precision: float | None = None
) -> DecisionParameters:
    """The numbers with which films are decided on.

    Args:
        films: for choosing, of two corpora or more
        kind: what the decision rests on; for the voice alone no film's words are looked at
        precision: how often a shown tag is to be right, 0 to 1; None for that of `PRECISION`

    Raises:
        CorpusError: if there are films of fewer than two corpora
        MissingExtraError: without the extra ``train``
    """
    if len({film.corpus for film in films}) < 2:
        raise CorpusError("a decision is fitted on films of two corpora or more")
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
    """Calm counted as neutral, which captions do not tell apart."""
    merged = posteriors.copy()
    merged[:, _NEUTRAL] += merged[:, _CALM]
    merged[:, _CALM] = 0
    return merged


def _threshold(
    films: Sequence[FilmEvidence], parameters: DecisionParameters, precision: float
) -> float:
    """The least confidence from which on the wanted share of tags is right."""
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
        f"at no confidence {precision:.0%} of at least {_LEAST_TAGS} tags are right",
        remedy="Ask for less precision, or make more films.",
    )
