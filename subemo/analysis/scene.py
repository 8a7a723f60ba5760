"""Sounds of the scene in a film's gaps, by a user's own model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from ..align.segments import Segment
from ..core.sounds import SCENE_WORDS, SoundHeard
from ..sounds.scene import HOP, LEAST_SCORE, SAMPLE_RATE, WINDOW, SceneTagger

_Rows = npt.NDArray[np.float64]

#: Start and end of a window, and the score of each sound.
COLUMNS = 2 + len(SCENE_WORDS)


def scene_rows(segments: Iterable[Segment], tagger: SceneTagger) -> _Rows:
    """Each window of some stretches, with the score of each sound.

    Args:
        segments: the stretches' sound, at 16 kHz
        tagger: the user's model

    Returns:
        shape (windows, 12): start and end in milliseconds, then `SCENE_WORDS`
    """
    rows = []
    for segment in segments:
        if not segment.samples.size:
            continue
        for number, scores in enumerate(tagger.scores(segment.samples)):
            start = segment.span.start_ms + number * HOP * 1000 // SAMPLE_RATE
            end = min(start + WINDOW * 1000 // SAMPLE_RATE, segment.span.end_ms)
            rows.append([start, end, *scores])
    return np.array(sorted(rows), dtype=np.float64).reshape(-1, COLUMNS)


def scene_events(rows: _Rows) -> Iterator[SoundHeard]:
    """The sounds in windows: of neighbours with the same sound, one.

    Args:
        rows: see `scene_rows`

    >>> row = [0, 975, *[0.0] * len(SCENE_WORDS)]
    >>> row[2 + SCENE_WORDS.index("siren")] = 0.8
    >>> [(one.sound.value, one.start_ms, one.end_ms) for one in scene_events(np.array([row]))]
    [('siren', 0, 975)]
    """
    for place, sound in enumerate(SCENE_WORDS, start=2):
        last: SoundHeard | None = None
        for start_ms, end_ms, score in rows[rows[:, place] >= LEAST_SCORE][:, [0, 1, place]]:
            found = SoundHeard(int(start_ms), int(end_ms), sound, float(score))
            if last is not None and found.start_ms <= last.end_ms:
                likeliest = max(last.probability, found.probability)
                end = max(last.end_ms, found.end_ms)
                found = SoundHeard(last.start_ms, end, sound, likeliest)
            elif last is not None:
                yield last
            last = found
        if last is not None:
            yield last
