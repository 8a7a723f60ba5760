"""Voice, words and neighbouring cues, decided on together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from ..core.emotions import EMOTIONS, Emotion
from ..core.prediction import Prediction
from ..core.settings import check_one_of
from ..formats.registry import styled_text
from ..model.decision import (
    UNIFORM,
    Array,
    DecisionParameters,
    Evidence,
    Witnesses,
    joint_posteriors,
)
from ..subtitles.document import Cue
from ..witness import find_witness
from .answers import Answer
from .text_language import looks_english

if TYPE_CHECKING:
    from ..model.bundle import Bundle
    from ..witness import WordsWitness


class WitnessChoice(StrEnum):
    """What a tag is decided by."""

    #: The voice alone.
    VOICE = "voice"
    #: The voice, and the words where there is a model for their language.
    BOTH = "both"


def check_choice(choice: str) -> WitnessChoice:
    """The choice of that name.

    Raises:
        SettingsError: if there is none
    """
    check_one_of("witness", choice, tuple(WitnessChoice))
    return WitnessChoice(choice)


def words_witness(
    choice: WitnessChoice, bundle: Bundle, cues: Sequence[Cue], language: str | None
) -> WordsWitness | None:
    """The witness for the words of a film's cues, or None.

    Args:
        choice: what the user wants
        bundle: the model of the voice, which says how to weigh the two
        cues: the cues
        language: of their words, a BCP 47 code; None to look whether they are English
    """
    if choice is WitnessChoice.VOICE or Witnesses.VOICE_AND_WORDS not in bundle.decision:
        return None
    if language is None and looks_english(cue.text for cue in cues):
        language = "en"
    return find_witness(language)


def joint_answers(
    cues: Sequence[Cue],
    answers: Sequence[Answer],
    bundle: Bundle,
    witness: WordsWitness | None,
    form: str | None,
) -> tuple[list[Answer], float]:
    """What is answered to each cue once all of the film is known.

    Args:
        cues: in the order of the file
        answers: of the voice alone
        bundle: the model of the voice
        witness: for the words, or None
        form: the name of the format of the cues' text, or None

    Returns:
        the answers, and the posterior from which on a tag is shown
    """
    parameters = _parameters(bundle, witness)
    if parameters is None:
        return list(answers), bundle.threshold
    order = _by_time(cues)
    evidence = evidence_of([cues[i] for i in order], [answers[i] for i in order], witness, form)
    found = list(answers)
    for place, index in enumerate(order):
        text = None if evidence.words is None else Prediction.of(evidence.words[place])
        voice = answers[index].prediction
        found[index] = replace(answers[index], voice_prediction=voice, text_prediction=text)
    return _decided(found, evidence, parameters, order, {}), parameters.threshold


def learned_answers(
    cues: Sequence[Cue],
    answers: Sequence[Answer],
    bundle: Bundle,
    witness: WordsWitness | None,
    known: Mapping[int, Emotion],
) -> list[Answer]:
    """What is answered to each cue once a person has told what is heard in some.

    Nobody is asked again: voice and words are as the answers have them.

    Args:
        cues: in the order of the file
        answers: what `joint_answers` gave
        bundle: the model of the voice
        witness: for the words, the same as then
        known: what a person heard, by the cue's index

    Returns:
        the answers; that to a known cue is certain
    """
    found = list(answers)
    parameters = _parameters(bundle, witness)
    if parameters is not None and known:
        order = _by_time(cues)
        evidence = _evidence(
            [cues[i] for i in order],
            [answers[i].voice_prediction for i in order],
            [answers[i].text_prediction for i in order] if witness is not None else None,
            None if witness is None else witness.prior,
        )
        found = _decided(found, evidence, parameters, order, known)
    for index, emotion in known.items():
        found[index] = replace(found[index], prediction=certain(emotion))
    return found


def certain(emotion: Emotion) -> Prediction:
    """What is known of a cue in which a person heard an emotion."""
    return Prediction(tuple(float(one is emotion) for one in EMOTIONS))


def _parameters(bundle: Bundle, witness: WordsWitness | None) -> DecisionParameters | None:
    return bundle.decision.get(Witnesses.VOICE if witness is None else Witnesses.VOICE_AND_WORDS)


def _by_time(cues: Sequence[Cue]) -> list[int]:
    return sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index))


def _decided(
    answers: Sequence[Answer],
    evidence: Evidence,
    parameters: DecisionParameters,
    order: Sequence[int],
    known: Mapping[int, Emotion],
) -> list[Answer]:
    """The answers with what all that is known of the film says of each."""
    places = {index: place for place, index in enumerate(order)}
    told = {places[index]: EMOTIONS.index(emotion) for index, emotion in known.items()}
    joint = joint_posteriors(evidence, parameters, told)
    found = list(answers)
    for place, index in enumerate(order):
        # Words alone are no answer to how a voice sounds.
        decided = None if answers[index].voice_prediction is None else Prediction.of(joint[place])
        found[index] = replace(answers[index], prediction=decided)
    return found


def evidence_of(
    cues: Sequence[Cue],
    answers: Sequence[Answer],
    witness: WordsWitness | None,
    form: str | None,
) -> Evidence:
    """What voice and words say of a film's cues, each by itself.

    Args:
        cues: in the order of time
        answers: of the voice alone, one for each
        witness: for the words, or None
        form: the name of the format of the cues' text, or None
    """
    words = None
    if witness is not None:
        said = witness.posteriors([styled_text(cue.text, form).plain for cue in cues])
        words = [Prediction.of(row) for row in said]
    prior = None if witness is None else witness.prior
    return _evidence(cues, [answer.prediction for answer in answers], words, prior)


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
    """Shape (cues, 8), not a number where nobody knows."""
    unknown = (np.nan,) * len(EMOTIONS)
    rows = [unknown if one is None else one.probabilities for one in predictions]
    return np.array(rows, dtype=np.float64).reshape(-1, len(EMOTIONS))
