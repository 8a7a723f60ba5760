"""The decision about a cue's tag, and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..core.sounds import Tag
from .layout import Remedy


class Reason(StrEnum):
    """Why a cue has a tag or has none."""

    TAGGED = "tagged"
    CLEARED = "a person wants no tag here"
    UNMARKED = "neutral or calm"
    UNSURE = "not confident enough"
    WORDS_ALONE = "suggested by the words, not by the voice"
    TOLD = "the words say it already"
    TWO_SPEAKERS = "two speakers"
    HAS_TAG = "has a tag already"
    SONG = "sung"
    NO_ROOM = "no room to read a tag"
    SAME = "the same tag is still in force"
    DENSE = "too close to other tags"
    VETOED = "a more certain tag nearby did not fit"
    NO_TEXT = "no text"
    PAST_END = "past the end of the sound"
    TOO_SHORT = "too short"
    TOO_LITTLE_SOUND = "too little sound"
    LOST_IN_PLAYERS = "the tag would change how players show the cue"
    NOT_REVERSIBLE = "the tag could not be removed again"


@dataclass(frozen=True)
class Decision:
    """The decision about a cue's tag.

    Attributes:
        tag: the emotion, sound or vocal effort that is shown, or None
        reason: why the cue has or lacks a tag
        detail: the numbers behind the reason, as text
        text: the tag as written, without the space or line break after it
        is_above: whether the tag has a line of its own
        remedy: the change that makes the cue readable
        end_ms: the cue's new end, or None if unchanged
        is_intense: whether the emotion is strong, which is assumed from a confidence of
            `subemo.tagging.policy.TagPolicy.strong_confidence`
    """

    tag: Tag | None
    reason: Reason
    detail: str = ""
    text: str = ""
    is_above: bool = False
    remedy: Remedy = Remedy.NONE
    end_ms: int | None = None
    is_intense: bool = False
