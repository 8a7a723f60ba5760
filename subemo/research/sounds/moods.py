"""What vocal sounds say about an emotion: P(sound | emotion), and what that does to a decision.

No corpus at hand tells how often people laugh in happy lines. The clips of acted speech, as they
are, hold next to no sounds (`mood_counts`), and in films into which sounds are mixed
P(sound | emotion) is what the recipe says. So it is assumed (`assumed_moods`), not fitted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS, Emotion
from ...core.sounds import SOUNDS, Sound
from ...media import audio
from ...model.classifier import Classifier
from ...sounds.pooling import pool
from ...sounds.weights import Linear
from ..corpora import Clip
from ..films.answers import EMOTIONAL, Answers
from .arrays import save_arrays
from .composing import SAMPLE_RATE
from .figures import shown
from .sources import fold_of

#: The sounds that tell about an emotion, and which.
TELLING = {Sound.LAUGH: Emotion.HAPPY, Sound.SOB: Emotion.SAD, Sound.SCREAM: Emotion.FEAR}
#: How much likelier each is in its emotion than in any other, assumed; the decision's bound is 4.
RATIO = 2.0
#: The share of cues with such a sound in any other emotion; only ratios matter.
_SHARE = 0.01
#: The version of the cached features.
_VERSION = 1

Peaks = npt.NDArray[np.float64]
Thresholds = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MoodClips:
    """Clips of emotional speech.

    Attributes:
        emotions: position of each clip in `EMOTIONS`
        folds: the fold of its speaker
        counts: its windows
        windows: windows of all clips, see `pool`, shape (windows, 2 * size)
    """

    emotions: npt.NDArray[np.int64]
    folds: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    windows: npt.NDArray[np.float16]

    def peaks(self, heads: Sequence[Linear]) -> Peaks:
        """Each clip's peaks by the model not trained on its speaker, shape (clips, 7)."""
        clip = np.repeat(np.arange(len(self.counts)), self.counts)
        found = np.zeros((len(self.counts), len(SOUNDS)))
        for fold, head in enumerate(heads):
            inside = self.folds[clip] == fold
            if inside.any():
                shares = head.probabilities(self.windows[inside])[:, : len(SOUNDS)]
                np.maximum.at(found, clip[inside], shares)
        return found


def read_moods(clips: Sequence[Clip], model: Classifier, work: Path) -> MoodClips:
    """Extracts the windows of clips; cached in *work*."""
    features = model.features
    names = "\n".join(f"{clip.path.parent.name}/{clip.path.name}" for clip in clips)
    identity = repr((_VERSION, features.name, sorted(features.parameters().items()), names))
    kept = work / f"moods-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.npz"
    if not kept.exists():
        frame_ms = int(features.parameters()["frame_ms"])
        emotions, folds, counts, windows = [], [], [], []
        for clip in clips:
            frames = model.extract(audio.load(clip.path, sample_rate=SAMPLE_RATE))
            if frames is None:
                continue
            rows = pool(frames, frame_ms).astype(np.float16)
            emotions.append(EMOTIONS.index(clip.emotion))
            folds.append(fold_of(str(clip.speaker)))
            counts.append(len(rows))
            windows.append(rows)
        save_arrays(
            kept,
            emotions=np.array(emotions),
            folds=np.array(folds),
            counts=np.array(counts),
            windows=np.concatenate(windows),
        )
    with np.load(kept, allow_pickle=False) as stored:
        return MoodClips(*(stored[name] for name in ("emotions", "folds", "counts", "windows")))


@dataclass(frozen=True)
class MoodCounts:
    """How many clips of each emotion show a sound.

    Attributes:
        clips: of each emotion
        shown: of those, by sound
    """

    clips: Mapping[Emotion, int]
    shown: Mapping[Sound, Mapping[Emotion, int]]

    def __str__(self) -> str:
        lines = ["clips: " + ", ".join(f"{one.value} {n}" for one, n in self.clips.items() if n)]
        for sound, of in self.shown.items():
            counts = ", ".join(f"{emotion.value} {n}" for emotion, n in of.items() if n)
            lines.append(f"{sound.value}: {counts or 'none'}")
        return "\n".join(lines)


def mood_counts(clips: MoodClips, peaks: Peaks, thresholds: Thresholds) -> MoodCounts:
    """Counts the clips that show each telling sound, by the same rule as a cue."""
    answers = shown(peaks, thresholds)
    return MoodCounts(
        {emotion: int((clips.emotions == at).sum()) for at, emotion in enumerate(EMOTIONS)},
        {
            sound: {
                emotion: int(((answers == SOUNDS.index(sound)) & (clips.emotions == at)).sum())
                for at, emotion in enumerate(EMOTIONS)
            }
            for sound in TELLING
        },
    )


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


@dataclass(frozen=True)
class Effect:
    """What one kind of sound does to single cues of films.

    Attributes:
        sound: the sound
        agreeing: of the cues of its emotion, those over the threshold with that emotion: without
            the sound, with it, and all
        contradicting: of the other cues, those over the threshold with the sound's emotion
        kept: of the other emotional cues over the threshold and right, without the sound, those
            still so with it
    """

    sound: Sound
    agreeing: tuple[int, int, int]
    contradicting: tuple[int, int, int]
    kept: tuple[int, int]

    def __str__(self) -> str:
        emotion = TELLING[self.sound].value
        before, after, of = self.agreeing
        wrong, more, others = self.contradicting
        return (
            f"{self.sound.value}: certain and right of {of} {emotion} cues {before} without, {after} with it; "
            f"certainly {emotion} of {others} other cues {wrong} without, {more} with it; "
            f"{self.kept[1]} of {self.kept[0]} other tags that were right stay"
        )


def effects(answers: Answers, threshold: float) -> list[Effect]:
    """What each sound does if it is detected in a single cue, for every cue in turn.

    A change of one cue's likelihood changes its posterior by the same factor, so this is exact
    but for the neighbours. A tag also needs a voice that gives the emotion one in eight.

    Args:
        answers: predictions for films
        threshold: the lowest posterior of a shown tag
    """
    found = []
    for sound, emotion in TELLING.items():
        at = EMOTIONS.index(emotion)
        ratios = np.array([assumed_moods()[sound][one] for one in EMOTIONS])
        before = _certain(answers, answers.joint, threshold)
        raised = answers.joint * ratios
        after = _certain(answers, raised / raised.sum(axis=1, keepdims=True), threshold)
        own = answers.truth == at
        right = (before == answers.truth) & ~own
        found.append(
            Effect(
                sound,
                (int((before[own] == at).sum()), int((after[own] == at).sum()), int(own.sum())),
                (
                    int((before[~own] == at).sum()),
                    int((after[~own] == at).sum()),
                    int((~own).sum()),
                ),
                (int(right.sum()), int((after[right] == answers.truth[right]).sum())),
            )
        )
    return found


def _certain(answers: Answers, posteriors: Peaks, threshold: float) -> npt.NDArray[np.int64]:
    """The emotion of each cue that could be tagged, or -1."""
    rows = np.nan_to_num(posteriors)
    likeliest = rows.argmax(axis=1)
    voice = np.nan_to_num(answers.voice)[np.arange(len(rows)), likeliest]
    may = (rows.max(axis=1) >= threshold) & (voice >= 1 / len(EMOTIONS))
    return np.where(may & np.isin(likeliest, EMOTIONAL), likeliest, -1)
