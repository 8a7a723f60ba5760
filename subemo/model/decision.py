"""Decides on a film's emotions from voice, words and neighbouring cues together.

Both witnesses (voice and words) give posteriors, each under the prior of its
training data. A posterior divided by its prior is a likelihood up to a constant
factor, and for witnesses that are independent given the emotion, likelihoods
multiply (Bishop, *Pattern Recognition and Machine Learning*, 1.5.4, "Combining
models"). Neither is calibrated on films and they are not quite independent, so
each likelihood has an exponent::

    b_t(e) = (voice_t(e) / voice prior(e)) ^ a * (words_t(e) / words prior(e)) ^ c

A vocal sound in a cue is a third witness: a laugh, a sob or a scream multiplies b_t(e)
by P(sound given e), bounded by `MOST_BY_SOUND`, so that no sound outweighs a voice that is
sure. Where no sound is detected, it says nothing.

The emotion of a cue is likely that of the cue before it: a hidden Markov chain
whose state stays with probability r_t, or is redrawn from the film's prior::

    A_t(e, f) = r_t [e = f] + (1 - r_t) prior(f),    r_t = r * exp(-gap_t / tau)

The posterior of each cue given all cues is that of the forward-backward
algorithm (Rabiner, "A tutorial on hidden Markov models", 1989, III.B).

Neutral and calm share one state, since no caption distinguishes them and no text
corpus has both; its probability is divided in the ratio of the voice's posteriors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.emotions import EMOTIONS, Emotion, are_probabilities
from ..core.errors import SettingsError
from ..core.settings import check_number
from .learning import film_correction, learned_emissions

Array = npt.NDArray[np.float64]

#: The most that a vocal sound can make one emotion likelier than another.
MOST_BY_SOUND = 4.0


class Witnesses(StrEnum):
    """The evidence for a decision; a model has parameters for each."""

    VOICE = "voice"
    VOICE_AND_WORDS = "voice+words"


#: The prior of a voice model trained on equally many clips of each class.
UNIFORM: Array = np.full(len(EMOTIONS), 1 / len(EMOTIONS))

_NEUTRAL, _CALM = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
#: The positions in `EMOTIONS` of the states; neutral includes calm.
_STATES = np.array([i for i in range(len(EMOTIONS)) if i != _CALM])
_NEUTRAL_STATE = int(np.flatnonzero(_STATES == _NEUTRAL)[0])
#: The shape of what a film's judgements teach, see `film_lesson`.
LESSON = (len(_STATES), len(_STATES) + 1)
#: The maximum of each parameter.
_HIGHEST = {
    "voice_weight": 100.0,
    "words_weight": 100.0,
    "persistence": 1.0,
    "decay_ms": 1e9,
    "threshold": 1.0,
}
#: The floor of probabilities: no witness is ever certain.
_LEAST = 1e-6


@dataclass(frozen=True)
class DecisionParameters:
    """The parameters of the decision, fitted on films that are not used for reporting.

    Attributes:
        voice_weight: the exponent of the voice's likelihood, above 0
        words_weight: the exponent of the words' likelihood, 0 or above
        prior: the frequency of each emotion among cues, in the order of `EMOTIONS`; sums to 1
        persistence: the probability, 0 to 1, that the emotion of the cue before persists
        decay_ms: the time in which persistence falls to 1/e
        threshold: the lowest posterior of a shown tag

    Raises:
        SettingsError: if a value is invalid
    """

    voice_weight: float
    words_weight: float
    prior: tuple[float, ...]
    persistence: float
    decay_ms: float
    threshold: float

    def __post_init__(self) -> None:
        for name, high in _HIGHEST.items():
            check_number(name, getattr(self, name), low=0, high=high, is_whole=False)
        if len(self.prior) != len(EMOTIONS) or not are_probabilities(np.array([self.prior])):
            raise SettingsError(
                "prior is not a distribution over the eight emotions",
                remedy="Give eight numbers from 0 to 1 that sum to 1.",
            )

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> DecisionParameters:
        """Reads the parameters from a model's description.

        Raises:
            KeyError, TypeError, ValueError: if one is missing or not a number
            SettingsError: if one is invalid
        """
        numbers = {name: float(description[name]) for name in _HIGHEST}
        return cls(prior=tuple(float(one) for one in description["prior"]), **numbers)

    def description(self) -> dict[str, Any]:
        """The parameters as in a model's description."""
        return {name: getattr(self, name) for name in _HIGHEST} | {"prior": list(self.prior)}


def described(decision: Mapping[Witnesses, DecisionParameters]) -> dict[str, Any]:
    """The decision as in a model's description."""
    return {kind.value: parameters.description() for kind, parameters in decision.items()}


@dataclass(frozen=True, eq=False)
class Evidence:
    """The posteriors of the witnesses for a film's cues, in order of time.

    Attributes:
        voice: posteriors, shape (cues, 8); NaN for cues whose voice cannot be classified
        voice_prior: class frequencies in the voice's training data, shape (8,)
        words: posteriors, shape (cues, 8); None without a text model
        words_prior: shape (8,); None without a text model
        start_ms: start of each cue, ascending
        end_ms: end of each cue
        sounds: P(detected sound given the emotion) up to a factor, shape (cues, 8); rows of
            ones without a detected sound; None without a detector
    """

    voice: Array
    voice_prior: Array
    words: Array | None
    words_prior: Array | None
    start_ms: Sequence[int]
    end_ms: Sequence[int]
    sounds: Array | None = None


def joint_posteriors(
    evidence: Evidence,
    parameters: DecisionParameters,
    known: Mapping[int, int] | None = None,
    start: Array | None = None,
) -> Array:
    """The posterior of each cue's emotion given the whole film.

    Cues judged by a person have a certain state, and the judgements also shift
    the likelihoods of the other cues; see `subemo.model.learning`.

    Args:
        evidence: the posteriors of the witnesses
        parameters: the parameters of the decision
        known: the position in `EMOTIONS` of the judged emotion, by the cue's row
        start: what the judgements of another film of the same voices taught, see `film_lesson`

    Returns:
        shape (cues, 8), rows sum to 1
    """
    if not len(evidence.voice):
        return np.zeros((0, len(EMOTIONS)))
    emissions = _likelihoods(evidence, parameters)
    prior = _merged(np.array(parameters.prior)[None])[0]
    if known or start is not None:
        judged = _states_of(known or {})
        emissions = learned_emissions(emissions, prior, _merged(evidence.voice), judged, start)
    starts, ends = (np.array(ms, np.float64) for ms in (evidence.start_ms, evidence.end_ms))
    gaps = np.maximum(starts[1:] - ends[:-1], 0)
    stays = parameters.persistence * np.exp(-gaps / max(parameters.decay_ms, 1))
    found = _parted(_forward_backward(emissions, prior, stays), evidence.voice)
    for row, emotion in (known or {}).items():
        found[row] = np.eye(len(EMOTIONS))[emotion]  # calm and neutral are distinguished here
    return found


def film_lesson(
    evidence: Evidence,
    parameters: DecisionParameters,
    known: Mapping[int, int],
    start: Array | None = None,
) -> Array:
    """What the judgements of a film teach of its voices, for another film of the same.

    Args:
        evidence: what the witnesses say
        parameters: the numbers of the decision
        known: the position in `EMOTIONS` of the emotion that a person judged, by the cue's row
        start: what was known before

    Returns:
        shape `LESSON`, see `subemo.model.learning.film_correction`
    """
    prior = _merged(np.array(parameters.prior)[None])[0]
    emissions, voice = _likelihoods(evidence, parameters), _merged(evidence.voice)
    return film_correction(emissions, prior, voice, _states_of(known), start)


def _states_of(known: Mapping[int, int]) -> dict[int, int]:
    """Maps positions of emotions to states, merging calm with neutral."""
    place = {int(emotion): state for state, emotion in enumerate(_STATES)}
    return {row: place.get(emotion, _NEUTRAL_STATE) for row, emotion in known.items()}


def _likelihoods(evidence: Evidence, parameters: DecisionParameters) -> Array:
    """The likelihood of each state, shape (cues, 7), scaled to a maximum of 1 per cue."""
    logs = parameters.voice_weight * _log_ratio(evidence.voice, evidence.voice_prior)
    logs[np.isnan(logs).any(axis=1)] = 0
    if evidence.words is not None and evidence.words_prior is not None:
        logs += parameters.words_weight * _log_ratio(evidence.words, evidence.words_prior)
    if evidence.sounds is not None:
        logs += _bounded(evidence.sounds)
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _bounded(likelihoods: Array) -> Array:
    """The logarithms of likelihoods, at most `MOST_BY_SOUND` apart; shape (cues, 7).

    Calm and neutral are one state, with the likelihood of neutral.
    """
    logs = np.log(np.maximum(likelihoods[:, _STATES], _LEAST))
    return np.asarray(np.maximum(logs - logs.max(axis=1, keepdims=True), -np.log(MOST_BY_SOUND)))


def _log_ratio(posteriors: Array, prior: Array) -> Array:
    ratio = np.maximum(_merged(posteriors), _LEAST) / np.maximum(_merged(prior[None]), _LEAST)
    return np.asarray(np.log(ratio))


def _merged(rows: Array) -> Array:
    """Merges calm with neutral: eight probabilities to seven."""
    merged = rows[:, _STATES].astype(np.float64)
    merged[:, _NEUTRAL_STATE] += rows[:, _CALM]
    return merged


def _parted(rows: Array, voice: Array) -> Array:
    """Divides neutral and calm again, by the voice: seven probabilities to eight."""
    parted = np.zeros((len(rows), len(EMOTIONS)))
    parted[:, _STATES] = rows
    unmarked = voice[:, _NEUTRAL] + voice[:, _CALM]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(unmarked > 0, voice[:, _CALM] / unmarked, 0.0)
    parted[:, _CALM] = share * rows[:, _NEUTRAL_STATE]
    parted[:, _NEUTRAL] -= parted[:, _CALM]
    return parted


def _forward_backward(emissions: Array, prior: Array, stays: Array) -> Array:
    """Posteriors of the chain, scaled at each step."""
    forward, backward = np.empty_like(emissions), np.empty_like(emissions)
    forward[0] = prior * emissions[0]
    forward[0] /= forward[0].sum()
    for t, stay in enumerate(stays, start=1):
        forward[t] = (stay * forward[t - 1] + (1 - stay) * prior) * emissions[t]
        forward[t] /= forward[t].sum()
    backward[-1] = 1
    for t in range(len(stays) - 1, -1, -1):
        message = emissions[t + 1] * backward[t + 1]
        backward[t] = stays[t] * message + (1 - stays[t]) * (prior @ message)
        backward[t] /= backward[t].max()
    posteriors = forward * backward
    return np.asarray(posteriors / posteriors.sum(axis=1, keepdims=True))
