"""What a detected vocal sound says about an emotion: P(sound | emotion).

No corpus at hand tells how often people laugh in happy lines. Clips of acted speech hold next to
no sounds, and in films into which sounds are mixed P(sound | emotion) is what the recipe says. So
it is assumed, not fitted (docs/research/sounds-as-evidence.md).
"""

from __future__ import annotations

from ...core.emotions import EMOTIONS, Emotion
from ...core.sounds import Sound

#: The sounds that tell about an emotion, and which.
TELLING = {Sound.LAUGH: Emotion.HAPPY, Sound.SOB: Emotion.SAD, Sound.SCREAM: Emotion.FEAR}
#: How much likelier each is in its emotion than in any other, assumed; the decision's bound is 4.
RATIO = 2.0
#: The share of cues with such a sound in any other emotion; only ratios matter.
_SHARE = 0.01


def assumed_moods() -> dict[Sound, dict[Emotion, float]]:
    """P(detected sound | emotion), assumed; only the ratios matter.

    A detected sound is `RATIO` times as frequent in its emotion as in any other.

    >>> assumed_moods()[Sound.SOB][Emotion.SAD] / assumed_moods()[Sound.SOB][Emotion.HAPPY]
    2.0
    """
    return {
        sound: {emotion: _SHARE * (RATIO if emotion is of else 1) for emotion in EMOTIONS}
        for sound, of in TELLING.items()
    }
