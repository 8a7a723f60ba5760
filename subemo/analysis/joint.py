"""Voice, words and neighbouring cues, decided on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from ..core.emotions import EMOTIONS
from ..core.prediction import Prediction
from ..core.settings import check_one_of
from ..formats.registry import styled_text
from ..model.decision import UNIFORM, Evidence, Witnesses, joint_posteriors
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
    kind = Witnesses.VOICE if witness is None else Witnesses.VOICE_AND_WORDS
    parameters = bundle.decision.get(kind)
    if parameters is None:
        return list(answers), bundle.threshold
    order = sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index))
    evidence = evidence_of([cues[i] for i in order], [answers[i] for i in order], witness, form)
    joint = joint_posteriors(evidence, parameters)
    found = list(answers)
    for place, index in enumerate(order):
        voice = answers[index].prediction
        text = None if evidence.words is None else Prediction.of(evidence.words[place])
        # Words alone are no answer to how a voice sounds.
        decided = None if voice is None else Prediction.of(joint[place])
        found[index] = replace(
            found[index], prediction=decided, voice_prediction=voice, text_prediction=text
        )
    return found, parameters.threshold


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
    unknown = (np.nan,) * len(EMOTIONS)
    voice = [
        unknown if answer.prediction is None else answer.prediction.probabilities
        for answer in answers
    ]
    words = None
    if witness is not None:
        words = witness.posteriors([styled_text(cue.text, form).plain for cue in cues])
    return Evidence(
        voice=np.array(voice, dtype=np.float64).reshape(-1, len(EMOTIONS)),
        voice_prior=UNIFORM,
        words=words,
        words_prior=None if witness is None else witness.prior,
        start_ms=[cue.start_ms for cue in cues],
        end_ms=[cue.end_ms for cue in cues],
    )
