"""Voice, words and neighbouring cues, decided on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from ..core.emotions import EMOTIONS
from ..core.errors import SettingsError
from ..core.prediction import Prediction
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
    from ..sources.lookup import SubtitleTrack
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
    try:
        return WitnessChoice(choice)
    except ValueError:
        raise SettingsError(
            f"witness cannot be {choice!r}",
            remedy=f"It must be one of {', '.join(WitnessChoice)}.",
        ) from None


def words_witness(
    choice: WitnessChoice, bundle: Bundle, cues: Sequence[Cue], track: SubtitleTrack | None
) -> WordsWitness | None:
    """The witness for the words of a film's cues, or None.

    Args:
        choice: what the user wants
        bundle: the model of the voice, which says how to weigh the two
        cues: the cues
        track: the subtitles that they are from; None where a machine wrote them down
    """
    if choice is WitnessChoice.VOICE or Witnesses.VOICE_AND_WORDS not in bundle.decision:
        return None
    language = None if track is None else track.language
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
    words = None
    if witness is not None:
        plain = [styled_text(cues[index].text, form).plain for index in order]
        words = np.asarray(witness.posteriors(plain), dtype=np.float64)
    joint = _joint(
        [cues[i] for i in order], [answers[i] for i in order], words, witness, parameters
    )
    found = list(answers)
    for place, index in enumerate(order):
        voice = answers[index].prediction
        said = None if words is None else Prediction.of(words[place])
        # Words alone are no answer to how a voice sounds.
        decided = None if voice is None else Prediction.of(joint[place])
        found[index] = replace(found[index], prediction=decided, voice=voice, words=said)
    return found, parameters.threshold


def _joint(
    cues: Sequence[Cue],
    answers: Sequence[Answer],
    words: Array | None,
    witness: WordsWitness | None,
    parameters: DecisionParameters,
) -> Array:
    unknown = np.full(len(EMOTIONS), np.nan)
    voice = [
        unknown if answer.prediction is None else answer.prediction.probabilities
        for answer in answers
    ]
    evidence = Evidence(
        voice=np.array(voice, dtype=np.float64).reshape(-1, len(EMOTIONS)),
        voice_prior=UNIFORM,
        words=words,
        words_prior=None if witness is None else np.asarray(witness.prior, dtype=np.float64),
        start_ms=[cue.start_ms for cue in cues],
        end_ms=[cue.end_ms for cue in cues],
    )
    return joint_posteriors(evidence, parameters)
