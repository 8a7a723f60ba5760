"""How much it is worth that a person checks a cue: doubt times what the check would change."""

from __future__ import annotations

from ..core.emotions import EMOTIONS, UNMARKED
from ..tagging.annotation import AnnotatedCue
from ..tagging.reasons import Reason

#: From this worth on a cue is on the list of those to check.
LEAST = 0.1

#: What no answer about the voice would change.
_FIXED = frozenset(
    {
        Reason.CLEARED, Reason.TWO_SPEAKERS, Reason.HAS_TAG, Reason.SONG, Reason.NO_TEXT,
        Reason.NO_ROOM, Reason.PAST_END, Reason.TOO_SHORT, Reason.TOO_LITTLE_SOUND,
        Reason.LOST_IN_PLAYERS, Reason.NOT_REVERSIBLE,
    }
)  # fmt: skip
#: A shown tag that is wrong misleads; one that is missing is a loss.
_SHOWN = 2.0
#: A cue under a neighbour's tag changes where that begins or ends.
_NEIGHBOUR = 0.5


def worth_checking(cue: AnnotatedCue) -> float:
    """Of a cue that nobody judged yet: 0 where a check changes nothing, at most 2.

    The doubt is the probability that the likeliest emotion is wrong, neutral and
    calm being one. What a check changes is 2 where a tag is shown, else the
    probability that there is an emotion to show, half of it where a tag is close by.

    Args:
        cue: as it would be written
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
    """Whether a cue that nobody judged yet is on the list: it shows a tag, or may well."""
    return cue.decision.tag is not None or worth_checking(cue) >= LEAST
