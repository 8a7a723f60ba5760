"""Decides on voice, words, vocal sounds and neighbouring cues together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..core.emotions import EMOTIONS, Emotion, Prediction
from ..formats.registry import styled_text
from ..model.decision import (
    UNIFORM,
    Array,
    DecisionParameters,
    Evidence,
    Witnesses,
    film_lesson,
    joint_posteriors,
)
from ..sounds.detection import mood_likelihoods
from ..subtitles.document import Cue
from ..text_model import find_text_model
from .options import WitnessChoice
from .predictions import CuePrediction

if TYPE_CHECKING:
    from ..model.bundle import Bundle
    from ..sounds.weights import SoundDetector
    from ..text_model import TextModel
import re
from collections.abc import Iterable
from itertools import islice


@dataclass(frozen=True, eq=False)
class DecidingModels:
    """The models whose predictions of a film decide together.

    Attributes:
        voice: the voice model, which has the weights of all of them
        words: the text model, or None
        sounds: the detector of vocal sounds, or None
    """

    voice: Bundle
    words: TextModel | None = None
    sounds: SoundDetector | None = None

    @property
    def parameters(self) -> DecisionParameters | None:
        """How they are weighed; None where the voice's own predictions stand."""
        kind = Witnesses.VOICE if self.words is None else Witnesses.VOICE_AND_WORDS
        return self.voice.decision.get(kind)


def chosen_text_model(
    choice: WitnessChoice, bundle: Bundle, cues: Sequence[Cue], language: str | None
) -> TextModel | None:
    """The text model for a film's cues, or None.

    Args:
        choice: the user's choice
        bundle: the voice model, which has the weights of voice and words
        cues: the cues
        language: language of the words, a BCP 47 code; None to detect whether they are English
    """
    if choice is WitnessChoice.VOICE or Witnesses.VOICE_AND_WORDS not in bundle.decision:
        return None
    if language is None and looks_english(cue.text for cue in cues):
        language = "en"
    return find_text_model(language)


def joint_predictions(
    cues: Sequence[Cue],
    predictions: Sequence[CuePrediction],
    models: DecidingModels,
    form: str | None,
) -> tuple[list[CuePrediction], float]:
    """The prediction of each cue given the whole film.

    Args:
        cues: in the order of the file
        predictions: the voice's predictions
        models: the models that decide
        form: the name of the format of the cues' text, or None

    Returns:
        the predictions, and the lowest posterior of a shown tag
    """
    parameters = models.parameters
    if parameters is None:
        return list(predictions), models.voice.threshold
    order = _by_time(cues)
    in_order = [predictions[i] for i in order]
    evidence = evidence_of([cues[i] for i in order], in_order, models.words, form)
    evidence = replace(evidence, sounds=_of_sounds(in_order, models.sounds))
    found = list(predictions)
    for place, index in enumerate(order):
        text = None if evidence.words is None else Prediction.of(evidence.words[place])
        voice = predictions[index].prediction
        found[index] = replace(predictions[index], voice_prediction=voice, text_prediction=text)
    return _decided(found, evidence, parameters, order, {}), parameters.threshold


def learned_predictions(
    cues: Sequence[Cue],
    predictions: Sequence[CuePrediction],
    models: DecidingModels,
    known: Mapping[int, Emotion],
    start: Array | None = None,
) -> list[CuePrediction]:
    """The prediction of each cue given a reviewer's judgements of some.

    No model runs again: the predictions of voice and words are reused.

    Args:
        cues: in the order of the file
        predictions: the result of `joint_predictions`
        models: the models that decided, the same as before
        known: the judged emotion, by the cue's index
        start: what another film of the same voices taught, see `lesson`

    Returns:
        the predictions; judged cues are certain
    """
    found = list(predictions)
    parameters = models.parameters
    if parameters is not None and (known or start is not None):
        order = _by_time(cues)
        evidence = _known_evidence(cues, predictions, models, order)
        found = _decided(found, evidence, parameters, order, known, start)
    for index, emotion in known.items():
        found[index] = replace(found[index], prediction=certain(emotion))
    return found


def lesson(
    cues: Sequence[Cue],
    predictions: Sequence[CuePrediction],
    models: DecidingModels,
    known: Mapping[int, Emotion],
    start: Array | None = None,
) -> Array | None:
    """What a person's judgements teach of a film's voices, for another film of the same.

    Args:
        cues: see `learned_predictions`
        predictions: see there
        models: see there
        known: see there
        start: see there

    Returns:
        see `subemo.model.decision.film_lesson`; None where the model weighs nothing
    """
    parameters = models.parameters
    if parameters is None:
        return None
    order = _by_time(cues)
    evidence = _known_evidence(cues, predictions, models, order)
    return film_lesson(evidence, parameters, _told(known, order), start)


def _known_evidence(
    cues: Sequence[Cue],
    predictions: Sequence[CuePrediction],
    models: DecidingModels,
    order: Sequence[int],
) -> Evidence:
    """The evidence of voice, words and sounds for each cue, in the order of time; no model runs."""
    words, in_order = models.words, [predictions[i] for i in order]
    evidence = _evidence(
        [cues[i] for i in order],
        [predicted.voice_prediction for predicted in in_order],
        None if words is None else [predicted.text_prediction for predicted in in_order],
        None if words is None else words.prior,
    )
    return replace(evidence, sounds=_of_sounds(in_order, models.sounds))


def _of_sounds(predictions: Sequence[CuePrediction], sounds: SoundDetector | None) -> Array | None:
    """What the vocal sounds of each cue say, shape (cues, 8); None if they say nothing."""
    if sounds is None or not sounds.moods or not predictions:
        return None
    return np.stack([mood_likelihoods(predicted.vocal, sounds) for predicted in predictions])


def _told(known: Mapping[int, Emotion], order: Sequence[int]) -> dict[int, int]:
    """The positions in `EMOTIONS` by the place of the cue in the order of time."""
    places = {index: place for place, index in enumerate(order)}
    return {places[index]: EMOTIONS.index(emotion) for index, emotion in known.items()}


def certain(emotion: Emotion) -> Prediction:
    """The prediction of a judged cue: probability 1."""
    return Prediction(tuple(float(one is emotion) for one in EMOTIONS))


def _by_time(cues: Sequence[Cue]) -> list[int]:
    return sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index))


def _decided(
    predictions: Sequence[CuePrediction],
    evidence: Evidence,
    parameters: DecisionParameters,
    order: Sequence[int],
    known: Mapping[int, Emotion],
    start: Array | None = None,
) -> list[CuePrediction]:
    """The predictions updated with the joint posteriors."""
    joint = joint_posteriors(evidence, parameters, _told(known, order), start)
    found = list(predictions)
    for place, index in enumerate(order):
        # Words alone do not classify a voice.
        decided = (
            None if predictions[index].voice_prediction is None else Prediction.of(joint[place])
        )
        found[index] = replace(predictions[index], prediction=decided)
    return found


def evidence_of(
    cues: Sequence[Cue],
    predictions: Sequence[CuePrediction],
    text_model: TextModel | None,
    form: str | None,
) -> Evidence:
    """The separate posteriors of voice and words for a film's cues.

    Args:
        cues: in the order of time
        predictions: the voice's prediction for each
        text_model: the text model, or None
        form: the name of the format of the cues' text, or None
    """
    words = None
    if text_model is not None:
        said = text_model.posteriors([styled_text(cue.text, form).plain for cue in cues])
        words = [Prediction.of(row) for row in said]
    prior = None if text_model is None else text_model.prior
    return _evidence(cues, [predicted.prediction for predicted in predictions], words, prior)


def _evidence(
    cues: Sequence[Cue],
    voice: Sequence[Prediction | None],
    words: Sequence[Prediction | None] | None,
    words_prior: Array | None,
) -> Evidence:
    return Evidence(
        voice=_rows(voice),
        voice_prior=UNIFORM,
        words=None if words is None else _rows(words),
        words_prior=words_prior,
        start_ms=[cue.start_ms for cue in cues],
        end_ms=[cue.end_ms for cue in cues],
    )


def _rows(predictions: Sequence[Prediction | None]) -> Array:
    """Shape (cues, 8), NaN if there is no prediction."""
    unknown = (np.nan,) * len(EMOTIONS)
    rows = [unknown if one is None else one.probabilities for one in predictions]
    return np.array(rows, dtype=np.float64).reshape(-1, len(EMOTIONS))


#: The most common words of spoken English that few other languages share (SUBTLEX-US has all of
#: them among its first hundred; Brysbaert and New, 2009).
_LIST = """
you the to it that of what is this was have we he are don't not be she they with your for know my
do just like there about him out them how her get all who can will would when if i'm it's that's
you're he's she's we're they're what's can't didn't i'll and
"""
_COMMON = frozenset(_LIST.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: The percentage of common words in English text; a dozen other languages have at most 5.
_LEAST_SHARE = 0.2
#: The fewest words needed.
_LEAST_WORDS = 5
_MOST_CUES = 500


def looks_english(texts: Iterable[str]) -> bool:
    """Whether the words of some lines are mostly English.

    Args:
        texts: the lines

    >>> looks_english(["What do you know about him?", "I don't like it."])
    True
    >>> looks_english(["Was willst du von mir?", "Das ist nicht gut."])
    False
    """
    words = [
        word.lower().replace("’", "'")
        for text in islice(texts, _MOST_CUES)
        for word in _WORD.findall(text)
    ]
    if len(words) < _LEAST_WORDS:
        return False
    return sum(word in _COMMON for word in words) >= _LEAST_SHARE * len(words)
