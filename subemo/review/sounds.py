"""Sounds between a film's cues in the studio: which are listed, and what a reviewer makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.sounds import SoundHeard
from ..tagging.sound_cues import SoundCue
from .judged_file import content_of
from .judgements import CueKey, Judgement, Shown

#: A shown sound that may be none misleads, as a wrong tag does; see `subemo.review.worth`.
_WORTH = 2.0


def sound_keys(heard: Sequence[SoundHeard]) -> list[CueKey]:
    """The key of each sound, for judgements."""
    return [CueKey(one.start_ms, one.end_ms, "", sound=one.sound.value) for one in heard]


def judged_sounds(
    heard: Sequence[SoundHeard], judgements: Mapping[int, Judgement]
) -> list[SoundHeard]:
    """The sounds that may be shown: none that a reviewer removed; those that a reviewer kept are certain.

    Args:
        heard: the sounds between a film's cues
        judgements: of them, by their place in *heard*
    """
    found = []
    for place, one in enumerate(heard):
        shown = judgements[place].shown if place in judgements else Shown.RULES
        if shown is Shown.KEPT:
            found.append(replace(one, probability=1.0))
        elif shown is not Shown.NOTHING:
            found.append(one)
    return found


def sound_view(
    heard: SoundHeard, shown: SoundCue | None, judgement: Judgement | None
) -> dict[str, Any]:
    """The view of a sound between the cues, in the form of `subemo.review.views.cue_view`.

    Args:
        heard: the sound
        shown: its cue, or None where it has none
        judgement: what a person said of it
    """
    probability = round(heard.probability, 2)
    reason = f"detected {heard.sound.value}, {probability:.2f}"
    if shown is None:
        is_removed = judgement is not None and judgement.shown is Shown.NOTHING
        reason = "removed by you" if is_removed else "no time for it, or shown a moment ago"
    return {
        "start": heard.start_ms if shown is None else shown.start_ms,
        "end": heard.end_ms if shown is None else shown.end_ms,
        "text": "",
        "raw": None,
        "speaker": "",
        "p": None,
        "sound": heard.sound.value,
        "sure": probability,
        "tag": "" if shown is None else heard.sound.value,
        "shown": "" if shown is None else shown.text,
        "above": 0,
        "intense": False,
        "reason": reason,
        "detail": "",
        "worth": 0.0 if shown is None else round(_WORTH * (1 - heard.probability), 3),
        "check": shown is not None,
        "unsure": False,
        "contradicted": False,
        "judged": content_of(judgement),
        "cps": 0.0,
        "over": [],
    }
