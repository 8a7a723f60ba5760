"""Whether a cue shows a tag, and why or why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ..emotions import UNMARKED, Emotion
from ..model.classifier import Prediction


class Reason(StrEnum):
    """Why a cue has a tag or has none."""

    TAGGED = "tagged"
    UNMARKED = "neutral or calm"
    UNSURE = "not confident enough"
    NO_TEXT = "no text"
    PAST_END = "past the end of the sound"
    TOO_SHORT = "too short"
    TOO_LITTLE_SOUND = "too little sound"


@dataclass(frozen=True)
class TagPolicy:
    """When a tag is shown.

    Attributes:
        min_confidence: probability, 0 to 1, from which on a tag is shown; None
            for the one that the model's own calibration names
        every: the likeliest emotion on every cue that has a prediction,
            whatever its confidence, neutral and calm included
    """

    min_confidence: float | None = None
    every: bool = False

    def with_threshold(self, threshold: float) -> TagPolicy:
        """The policy for a model that is believed from *threshold* on, unless it says another."""
        if self.min_confidence is not None:
            return self
        return replace(self, min_confidence=threshold)


@dataclass(frozen=True)
class Decision:
    """What a cue shows.

    Attributes:
        tag: the emotion that is shown, or None
        reason: why
        detail: the numbers behind it, for people
    """

    tag: Emotion | None
    reason: Reason
    detail: str = ""


def decide(prediction: Prediction, policy: TagPolicy) -> Decision:
    """The decision on a cue that could be judged.

    Args:
        prediction: how it sounds
        policy: when a tag is shown, see `TagPolicy.with_threshold`
    """
    emotion, confidence = prediction.emotion, prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    if policy.every:
        return Decision(emotion, Reason.TAGGED, detail)
    if emotion in UNMARKED:
        return Decision(None, Reason.UNMARKED, detail)
    assert policy.min_confidence is not None
    if confidence < policy.min_confidence:
        return Decision(None, Reason.UNSURE, f"{detail}, below {policy.min_confidence:g}")
    return Decision(emotion, Reason.TAGGED, detail)
