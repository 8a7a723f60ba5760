"""Applies another policy to existing predictions, without analysing films again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...core.emotions import EMOTIONS
from ...core.errors import CorpusError
from ...core.prediction import Prediction
from ...features.trim import MIN_SOUND_MS
from ...formats.registry import styled_text
from ...sources.lookup import read_subtitles
from ...tagging.decisions import CueEvidence, decide
from ...tagging.policy import TagPolicy
from ...tagging.reasons import Decision, Reason
from ...tagging.vocabulary import vocabulary_of
from .answers import NO_TAG, Answers, Array, Index


def retagged(answers: Answers, films: Path, policy: TagPolicy) -> Answers:
    """The same predictions with the tags of another policy.

    Args:
        answers: predictions for films, in order
        films: the folder of the films, see `subemo.research.films.building.build_films`
        policy: when a tag is shown, with its threshold

    Raises:
        CorpusError: if a film is missing or has other cues
    """
    shown = [NO_TAG] * len(answers)
    for name in dict.fromkeys(answers.films.tolist()):
        rows = np.flatnonzero(answers.films == name)
        for row, decision in zip(
            rows, _decisions(answers, rows, films / name, policy), strict=True
        ):
            if decision.tag is not None:
                shown[row] = EMOTIONS.index(decision.tag)
    fields: dict[str, Any] = vars(answers.take(np.arange(len(answers))))
    return Answers(**{**fields, "shown": np.array(shown, dtype=np.int64)})


def _decisions(answers: Answers, rows: Index, film: Path, policy: TagPolicy) -> list[Decision]:
    path = film.with_name(f"{film.name}.srt")
    if not path.is_file():
        raise CorpusError(
            "the film is missing", path=path,
            remedy="Make it with `subemo crossval --protocol films --work DIR`.",
        )  # fmt: skip
    document = read_subtitles(path).document
    if len(document.cues) != len(rows):
        raise CorpusError("the film's cues differ from those of the predictions", path=path)
    english = vocabulary_of("en")
    assert english is not None
    why_not = Decision(None, Reason.TOO_LITTLE_SOUND, f"{MIN_SOUND_MS} ms are needed")
    evidence = [
        CueEvidence(
            cue.start_ms,
            cue.end_ms,
            styled_text(cue.text, document.form),
            prediction=_prediction(answers.joint[row]),
            voice_prediction=_prediction(answers.voice[row]),
            text_prediction=_prediction(answers.words[row]),
            why_not=why_not,
        )
        for cue, row in zip(document.cues, rows, strict=True)
    ]
    return decide(evidence, policy, english)


def _prediction(row: Array) -> Prediction | None:
    return None if np.isnan(row).any() else Prediction.of(row)
