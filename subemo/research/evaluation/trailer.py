"""The final test of the 2024 report (Davies and Chen): three clips of each emotion from a trailer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...core.emotions import EMOTIONS
from ..corpora import Clip

#: Its title in the name of a set.
TITLE = "the 2024 report's trailer test"

CLIPS_A_CLASS = 3

#: Each clip and its three augmentations, all 96 standardised together.
VERSIONS = 4
ADAPTATION = "set"


def differences(clips: Sequence[Clip]) -> list[str]:
    """The differences of a set from the 24 clips of that test, one sentence each."""
    found = []
    expected = CLIPS_A_CLASS * len(EMOTIONS)
    if len(clips) != expected:
        found.append(f"the 2024 report's test has {expected} clips, this set has {len(clips)}")
    counts = Counter(clip.emotion for clip in clips)
    for emotion in EMOTIONS:
        if counts[emotion] != CLIPS_A_CLASS:
            found.append(
                f"the 2024 report's test has {CLIPS_A_CLASS} clips of {emotion.value}, "
                f"this set has {counts[emotion]}"
            )
    return found
