"""The moods of a film over its time: a smooth line, scenes, and stretches under one tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.sounds import Tag
from ..tagging.annotation import AnnotatedCue
from ..tagging.decisions import Reason

#: A pause in speech from which on another scene begins.
SCENE_PAUSE_MS = 8_000
#: A kernel reaches so many standard deviations to each side.
_REACH = 4
#: Where less than this share of the kernel's weight is speech, the line falls towards nothing.
_LEAST_SPEECH = 0.3

_MOODS = [place for place, emotion in enumerate(EMOTIONS) if emotion not in UNMARKED]


@dataclass(frozen=True, eq=False)
class MoodLine:
    """How much of a mood is in the voices, over time.

    Attributes:
        times_ms: shape (points,)
        moods: the probability of each emotion, shape (points, 8), 0 to 1; neutral and calm are 0,
            so that a row sums to the probability of any mood
    """

    times_ms: npt.NDArray[np.float64]
    moods: npt.NDArray[np.float64]

    @property
    def height(self) -> npt.NDArray[np.float64]:
        """The probability of any mood, shape (points,)."""
        return np.asarray(self.moods.sum(axis=1))

    @property
    def likeliest(self) -> npt.NDArray[np.int64]:
        """The likeliest mood at each point, as a position in `EMOTIONS`, shape (points,)."""
        return np.asarray(self.moods.argmax(axis=1))


@dataclass(frozen=True)
class TaggedStretch:
    """Where a tag is in force.

    Attributes:
        start_ms: when its cue appears
        end_ms: when the last cue goes that is in the same mood, by the same speaker
        tag: the tag
        confidence: how sure the model is of the tagged cue, 0 to 1
    """

    start_ms: int
    end_ms: int
    tag: Tag
    confidence: float


def mood_line(
    cues: Sequence[AnnotatedCue],
    *,
    start_ms: float,
    end_ms: float,
    points: int,
    smoothing_ms: float,
) -> MoodLine:
    """The moods of the cues, smoothed.

    A Gaussian kernel regression (Nadaraya, 1964; Watson, 1964) over the time in which somebody
    speaks; where hardly anybody does, the line falls to nothing.

    Args:
        cues: of the film
        start_ms: of the line
        end_ms: of the line
        points: how many, 2 or more
        smoothing_ms: the kernel's standard deviation
    """
    step = (end_ms - start_ms) / (points - 1)
    reach = max(1, round(_REACH * smoothing_ms / step))
    speech = np.zeros(points + 2 * reach)
    moods = np.zeros((points + 2 * reach, len(EMOTIONS)))
    for cue in cues:
        if cue.prediction is None:
            continue
        first = round((cue.start_ms - start_ms) / step) + reach
        last = max(first + 1, round((cue.shown_end_ms - start_ms) / step) + reach)
        where = slice(max(0, first), max(0, last))
        speech[where] = 1
        moods[where] = cue.prediction.probabilities
    offsets = np.arange(-reach, reach + 1) * step
    kernel = np.exp(-0.5 * (offsets / smoothing_ms) ** 2)
    kernel /= kernel.sum()
    # Never less than the one and hardly more than the other, without a bend between them.
    weight = np.hypot(np.convolve(speech, kernel, "valid"), _LEAST_SPEECH)
    smooth = np.zeros((points, len(EMOTIONS)))
    for place in _MOODS:
        smooth[:, place] = np.convolve(moods[:, place], kernel, "valid") / weight
    return MoodLine(np.linspace(start_ms, end_ms, points), smooth)


def tagged_stretches(cues: Sequence[AnnotatedCue]) -> Iterator[TaggedStretch]:
    """The tags, by time, each with what it is in force for."""
    open_: TaggedStretch | None = None
    for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.index)):
        tag = cue.decision.tag
        if tag is not None:
            if open_ is not None:
                yield open_
            open_ = TaggedStretch(cue.start_ms, cue.shown_end_ms, tag, _confidence(cue, tag))
        elif open_ is not None and cue.decision.reason is Reason.SAME:
            end_ms = max(open_.end_ms, cue.shown_end_ms)
            open_ = TaggedStretch(open_.start_ms, end_ms, open_.tag, open_.confidence)
    if open_ is not None:
        yield open_


def _confidence(cue: AnnotatedCue, tag: Tag) -> float:
    if not isinstance(tag, Emotion):
        return 0.0 if cue.vocal is None else cue.vocal.probability(tag)
    return 0.0 if cue.prediction is None else cue.prediction.probabilities[EMOTIONS.index(tag)]


def scenes(
    cues: Sequence[AnnotatedCue], *, pause_ms: int = SCENE_PAUSE_MS
) -> list[tuple[int, int]]:
    """When speech begins and ends, for as long as its pauses are shorter than *pause_ms*.

    Args:
        cues: of the film
        pause_ms: a pause of that length ends a scene
    """
    found: list[tuple[int, int]] = []
    for start_ms, end_ms in sorted((cue.start_ms, cue.shown_end_ms) for cue in cues):
        if found and start_ms - found[-1][1] < pause_ms:
            found[-1] = (found[-1][0], max(found[-1][1], end_ms))
        else:
            found.append((start_ms, end_ms))
    return found
