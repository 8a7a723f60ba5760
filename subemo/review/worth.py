"""The worth of checking a cue: its doubt times the effect of a check."""

from __future__ import annotations

from ..core.emotions import EMOTIONS, UNMARKED
from ..tagging.annotation import AnnotatedCue
from ..tagging.reasons import Reason

#: The lowest worth of a cue on the list to check.
LEAST = 0.1

#: Reasons that a judgement of the voice would not change.
_FIXED = frozenset(
    {
        Reason.CLEARED, Reason.TWO_SPEAKERS, Reason.HAS_TAG, Reason.SONG, Reason.NO_TEXT,
        Reason.NO_ROOM, Reason.PAST_END, Reason.TOO_SHORT, Reason.TOO_LITTLE_SOUND,
        Reason.LOST_IN_PLAYERS, Reason.NOT_REVERSIBLE,
    }
)  # fmt: skip
#: A wrong tag misleads; a missing one is a loss.
_SHOWN = 2.0
#: A cue under a neighbour's tag affects where that begins or ends.
_NEIGHBOUR = 0.5


def worth_checking(cue: AnnotatedCue) -> float:
    """The worth of checking an unjudged cue: from 0 (no effect) to 2.

    The doubt is the probability that the likeliest emotion is wrong, with neutral and
    calm as one. The effect of a check is 2 if a tag is shown, else the probability of an
    emotion to show, or half of that if a tag is close by.

    Args:
        cue: the cue as it would be written
    """
    if cue.prediction is None or cue.decision.reason in _FIXED:
        return 0.0
    probabilities = dict(zip(EMOTIONS, cue.prediction.probabilities, strict=True))
    unmarked = sum(probabilities[emotion] for emotion in UNMARKED)
    marked = {e: p for e, p in probabilities.items() if e not in UNMARKED}
    doubt = 1 - max(unmarked, *marked.values())
    if cue.decision.tag is not None:
        return _SHOWN * doubt
    change = sum(marked.values())
    if cue.decision.reason in (Reason.SAME, Reason.DENSE):
        change *= _NEIGHBOUR
    return doubt * change


def is_to_check(cue: AnnotatedCue) -> bool:
    """Whether an unjudged cue is on the list to check: it shows a tag, or is likely to."""
    return cue.decision.tag is not None or worth_checking(cue) >= LEAST
