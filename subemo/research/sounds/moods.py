"""How often vocal sounds are detected in speech of each emotion: P(sound | emotion).

The clips are acted emotional speech as it is, with whatever sounds the actors made; nothing is
mixed in. Each clip is judged by the detector of a fold that is not trained on its speaker.
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
from .composing import SAMPLE_RATE
from .figures import shown
from .sources import fold_of

#: The sounds that tell about an emotion, and which.
TELLING = {Sound.LAUGH: Emotion.HAPPY, Sound.SOB: Emotion.SAD, Sound.SCREAM: Emotion.FEAR}
#: Each emotion's share is drawn towards that of all clips, as if by this many clips more.
PULL = 50.0
#: The share of a sound that is detected nowhere.
_LEAST = 1e-3
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
        work.mkdir(parents=True, exist_ok=True)
        with kept.open("wb") as file:
            np.savez(
                file,
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


def fit_moods(counts: MoodCounts) -> dict[Sound, dict[Emotion, float]]:
    """P(sound | emotion) of each telling sound.

    The maximum of the posterior under a Beta prior: with the mean of all clips and the weight
    of `PULL` of them, so that few clips do not say much.
    """
    found = {}
    total = sum(counts.clips.values())
    for sound, of in counts.shown.items():
        mean = max(_LEAST, sum(of.values()) / max(1, total))
        found[sound] = {
            emotion: (of[emotion] + PULL * mean) / (counts.clips[emotion] + PULL)
            for emotion in EMOTIONS
        }
    return found
