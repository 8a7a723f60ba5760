"""Whether a policy shows a cue's or a run's mood, by how it sounds and what the words tell."""

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
    """What a tag tells of."""

    #: A sound of the voice or the scene.
    SOUND = "sound"
    #: A shout or a whisper.
    EFFORT = "effort"
    #: A mood that is not the one that the words alone would have told.
    UNSAID_MOOD = "unsaid mood"
    #: A mood that the words tell, too.
    MOOD = "mood"


#: What each policy shows.
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
    """Why a cue by itself gets no tag, by how it sounds; None where it may get one.

    A cue that is not sure enough by itself may still be part of a run that is.

    Args:
        prediction: how it sounds
        policy: when a tag is shown, see `TagPolicy.with_threshold`
        voice: what the voice says by itself, where more than that made the prediction;
            an emotion that it finds less likely than one in eight is not shown
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
    """Whether the voice by itself finds the likeliest emotion as likely as one in eight."""
    alone = voice or prediction
    return alone.probabilities[EMOTIONS.index(prediction.emotion)] >= 1 / len(EMOTIONS)


def refusal_of_run(run: Run, policy: TagPolicy) -> Decision | None:
    """Why a policy does not show a run's mood at all; None where it may.

    Where no model judges the words, nobody knows what they tell, and every mood counts as unsaid.

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
