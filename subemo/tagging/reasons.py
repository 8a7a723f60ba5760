"""What is decided about a cue, and why."""

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
    WORDS_ALONE = "the words say so, and the voice does not"
    TOLD = "the words tell it already"
    TWO_SPEAKERS = "two speakers"
    HAS_TAG = "has a tag already"
    SONG = "sung"
    NO_ROOM = "no room to read a tag"
    SAME = "the same tag is still in force"
    DENSE = "another tag is close by"
    VETOED = "a surer one close by had no room"
    NO_TEXT = "no text"
    PAST_END = "past the end of the sound"
    TOO_SHORT = "too short"
    TOO_LITTLE_SOUND = "too little sound"
    LOST_IN_PLAYERS = "players would not show the cue as it is"
    NOT_REVERSIBLE = "it could not be taken out again"


@dataclass(frozen=True)
class Decision:
    """What a cue shows.

    Attributes:
        tag: the emotion, sound or vocal effort that is shown, or None
        reason: why
        detail: the numbers behind it, for people
        text: the tag as it is written, without what parts it from the words
        is_above: whether it stands on a line of its own
        remedy: what was done so that it can be read
        end_ms: the cue's new end, or None where it stays
        is_intense: whether the tag's mood is strong, as far as is known: it is believed from
            `subemo.tagging.policy.TagPolicy.strong_confidence` on
    """

    tag: Tag | None
    reason: Reason
    detail: str = ""
    text: str = ""
    is_above: bool = False
    remedy: Remedy = Remedy.NONE
    end_ms: int | None = None
    is_intense: bool = False
