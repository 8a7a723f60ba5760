"""Sounds between a film's cues as cues of subemo's own: which, when, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.sounds import Sound, SoundHeard, Vocal
from .limits import SHORTEST_GAP_MS
from .presets import PRESETS, TagForm
from .vocabulary import Vocabulary

#: How long a cue of a sound stays, in milliseconds: it can be read, and is gone with the sound.
SHORTEST_MS, LONGEST_MS = 1_000, 3_000


@dataclass(frozen=True)
class SoundCue:
    """A cue of subemo's own.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        sound: what is heard
        text: what the viewer reads
        probability: of the sound
        heard: the sound as it was found, or None
    """

    start_ms: int
    end_ms: int
    sound: Sound
    text: str
    probability: float
    heard: SoundHeard | None = None


@dataclass(frozen=True)
class ShownStretch:
    """A cue of the input, as it is shown.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        tag: the sound or vocal effort that it shows, or None
    """

    start_ms: int
    end_ms: int
    tag: Vocal | None = None


def sound_cues(
    heard: Iterable[SoundHeard],
    cues: Sequence[ShownStretch],
    thresholds: Mapping[Vocal, float],
    *,
    preset: str,
    vocabulary: Vocabulary,
    repeat_after_ms: int,
) -> tuple[SoundCue, ...]:
    """The sounds that become cues.

    None is over a cue of the input or nearer to one than `SHORTEST_GAP_MS`,
    and each stays from `SHORTEST_MS` to `LONGEST_MS`; where a gap leaves less,
    there is none. The same sound is not shown again until nothing of it was
    shown for *repeat_after_ms*, in cues or between them.

    Args:
        heard: in gaps of the film
        cues: of the input, in any order
        thresholds: from which probability on each is shown
        preset: the house style
        vocabulary: what the sounds are called
        repeat_after_ms: see `subemo.tagging.policy.TagPolicy`

    >>> from .vocabulary import vocabulary_of
    >>> laugh = SoundHeard(5_000, 6_500, Sound.LAUGH, 0.9)
    >>> found = sound_cues(
    ...     [laugh], [ShownStretch(0, 4_000)], {Sound.LAUGH: 0.5},
    ...     preset="netflix", vocabulary=vocabulary_of("en"), repeat_after_ms=10_000,
    ... )
    >>> [(cue.start_ms, cue.end_ms, cue.text) for cue in found]
    [(5000, 6500, '[laughs]')]
    """
    found: list[SoundCue] = []
    shown = [(cue.start_ms, cue.end_ms, cue.tag) for cue in cues]
    for one in sorted(heard, key=lambda one: (-one.probability, one.start_ms)):
        is_known = one.sound in vocabulary.vocal
        if not is_known or one.probability < thresholds.get(one.sound, 2.0):
            continue
        near = (
            start - repeat_after_ms <= one.end_ms and one.start_ms <= end + repeat_after_ms
            for start, end, tag in shown
            if tag is one.sound
        )
        times = None if any(near) else _times(one, shown)
        if times is None:
            continue
        text = PRESETS[preset].tag(one.sound, vocabulary, TagForm.MANNER)
        found.append(SoundCue(*times, one.sound, text, one.probability, one))
        shown.append((*times, one.sound))
    return tuple(sorted(found, key=lambda cue: cue.start_ms))


def _times(
    one: SoundHeard, shown: Sequence[tuple[int, int, Vocal | None]]
) -> tuple[int, int] | None:
    """When a cue of a sound can be shown; None where there is no time for it."""
    earliest, latest = 0, one.start_ms + LONGEST_MS
    for start_ms, end_ms, _ in shown:
        first, last = min(start_ms, end_ms), max(start_ms, end_ms)
        if first < one.end_ms and last > one.start_ms:
            return None
        if last <= one.start_ms:
            earliest = max(earliest, last + SHORTEST_GAP_MS)
        else:
            latest = min(latest, first - SHORTEST_GAP_MS)
    start = max(one.start_ms, earliest)
    end = min(max(one.end_ms, start + SHORTEST_MS), latest, start + LONGEST_MS)
    if end - start < SHORTEST_MS:
        start = max(earliest, end - SHORTEST_MS)
    return (start, end) if SHORTEST_MS <= end - start <= LONGEST_MS else None
