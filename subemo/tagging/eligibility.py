"""Which cues and runs a policy allows to show, by voice and words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ..core.emotions import EMOTIONS, UNMARKED
from ..core.prediction import Prediction
from .policy import PolicyKind, TagPolicy
from .reasons import Decision, Reason
from .runs import Run


class TagContent(StrEnum):
    """The content of a tag."""

    #: A sound of the voice or the scene.
    SOUND = "sound"
    #: A shout or a whisper.
    EFFORT = "effort"
    #: An emotion that the words alone would not have predicted.
    UNSAID_MOOD = "unsaid mood"
    #: An emotion that the words also convey.
    MOOD = "mood"


#: The content that each policy shows.
SHOWS: Mapping[PolicyKind, frozenset[TagContent]] = MappingProxyType(
    {
        PolicyKind.SPARSE: frozenset(TagContent),
        PolicyKind.STRONG: frozenset({TagContent.SOUND, TagContent.EFFORT, TagContent.UNSAID_MOOD}),
        PolicyKind.EVERY: frozenset(TagContent),
    }
)


def refusal_of(
    prediction: Prediction, policy: TagPolicy, *, voice: Prediction | None = None
) -> Decision | None:
    """Why a cue by itself gets no tag, by its prediction; None if it may get one.

    A cue that is not confident enough may still be part of a run that is.

    Args:
        prediction: the cue's prediction
        policy: when a tag is shown, see `TagPolicy.with_threshold`
        voice: that of the voice alone, if more than that made the prediction;
            an emotion to which it gives less than one in eight is not shown
    """
    emotion, confidence = prediction.emotion, prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    if emotion in UNMARKED:
        return Decision(None, Reason.UNMARKED, detail)
    if confidence < policy.least_confidence:
        return Decision(None, Reason.UNSURE, f"{detail}, below {policy.least_confidence:g}")
    if not is_borne_by_voice(prediction, voice):
        assert voice is not None
        alone = voice.probabilities[EMOTIONS.index(emotion)]
        return Decision(None, Reason.WORDS_ALONE, f"{detail}, by its voice {alone:.2f}")
    return None


def is_borne_by_voice(prediction: Prediction, voice: Prediction | None) -> bool:
    """Whether the voice alone gives the likeliest emotion at least one in eight."""
    alone = voice or prediction
    return alone.probabilities[EMOTIONS.index(prediction.emotion)] >= 1 / len(EMOTIONS)


def refusal_of_run(run: Run, policy: TagPolicy) -> Decision | None:
    """Why a policy does not show a run; None if it may.

    Without a text model every emotion counts as not conveyed by the words.

    Args:
        run: see `subemo.tagging.runs.find_runs`
        policy: when a tag is shown, see `TagPolicy.with_threshold`
    """
    tells = TagContent.MOOD if run.is_told_by_words else TagContent.UNSAID_MOOD
    detail = f"{run.emotion.value} {run.confidence:.2f}"
    if tells not in SHOWS[policy.policy]:
        return Decision(None, Reason.TOLD, detail)
    if policy.policy is PolicyKind.STRONG and run.confidence < policy.strong_confidence:
        return Decision(None, Reason.UNSURE, f"{detail}, below {policy.strong_confidence:g}")
    return None
