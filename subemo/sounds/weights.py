"""The weights for vocal sounds, vocal effort and music: a folder of data, checked before use.

``sounds.npz`` holds arrays (no pickles), ``sounds.json`` the features,
the thresholds and the arrays' SHA-256, ``README.md`` the card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.emotions import EMOTIONS, Emotion
from ..core.errors import BundleError
from ..core.model_folder import SHIPPED, ModelFolder, pack_arrays
from ..core.native import loaded_once
from ..core.sounds import EFFORTS, SOUNDS, VOCALS, Sound, Vocal

#: The version of the folder's layout; other versions are refused.
FORMAT = 2
WEIGHTS_FILE, DESCRIPTION_FILE = "sounds.npz", "sounds.json"

#: The classes of a window besides `SOUNDS`, and of a cue besides `EFFORTS`.
SPEECH, BACKGROUND, ORDINARY = "speech", "background", "ordinary"
WINDOW_CLASSES = (*SOUNDS, SPEECH, BACKGROUND)
EFFORT_CLASSES = (*EFFORTS, ORDINARY)
#: The classes of a window without a cue: music alone, noise alone, and voices over anything.
MUSIC, NOISE, VOICE = "music", "noise", "voice"
MUSIC_CLASSES = (MUSIC, NOISE, VOICE)

_REMEDY = "Reinstall subemo, or retrain the model (python -m subemo.research.sounds)."

_FOLDER = ModelFolder(
    name="the model of vocal sounds",
    format=FORMAT,
    description=DESCRIPTION_FILE,
    weights=WEIGHTS_FILE,
    most_bytes=5 << 20,
    remedy=_REMEDY,
    elsewhere=_REMEDY,
)

Reals = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LinearLayer:
    """A softmax over linear functions.

    Attributes:
        weights: shape (features, classes)
        bias: shape (classes,)
    """

    weights: Reals
    bias: Reals

    def probabilities(self, rows: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """The probabilities, shape (rows, classes); each row sums to 1.

        Raises:
            BundleError: if the weights are so large that they overflow
        """
        with np.errstate(over="ignore", invalid="ignore"):
            logits = (np.asarray(rows, np.float32) @ self.weights + self.bias).astype(np.float64)
            likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        if not np.isfinite(likely).all():
            raise BundleError("the weights for sounds overflow", remedy=_REMEDY)
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class SoundDetector:
    """The detector of vocal sounds, vocal effort and music.

    Attributes:
        features: name and parameters of the frames that it was trained on
        sounds: model from windows of frames to `WINDOW_CLASSES`
        efforts: model from a cue's summary, minus its film's, to `EFFORT_CLASSES`
        baseline: the median of the summaries of ordinary speech, see `effort_probabilities`
        music: model from windows of frames to `MUSIC_CLASSES`
        music_threshold: the lowest mean probability of a stretch of music
        thresholds: the lowest probability at which each is shown
        reached: whether each is precise enough to be shown with ``voice``
        moods: the share of the cues of each emotion in which a sound is detected, for sounds that
            tell something about the emotion
        provenance: the rest of the description
    """

    features: Mapping[str, Any]
    sounds: LinearLayer
    efforts: LinearLayer
    baseline: Reals
    music: LinearLayer
    music_threshold: float
    thresholds: Mapping[Vocal, float]
    reached: Mapping[Vocal, bool]
    moods: Mapping[Sound, Mapping[Emotion, float]] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def frame_ms(self) -> int:
        """The hop length of the frames."""
        return int(self.features["parameters"]["frame_ms"])

    @property
    def digest(self) -> str:
        """The SHA-256 of everything that its probabilities depend on."""
        return hashlib.sha256(pack_arrays(self._arrays())).hexdigest()

    def write(self, folder: Path, *, card: str) -> None:
        """Writes the weights to *folder*, replacing existing ones."""
        data = pack_arrays(self._arrays())
        description = {
            "format": FORMAT,
            "features": dict(self.features),
            "thresholds": {
                **{name.value: round(at, 4) for name, at in self.thresholds.items()},
                MUSIC: round(self.music_threshold, 4),
            },
            "reached": {name.value: is_reached for name, is_reached in self.reached.items()},
            "moods": {
                sound.value: {emotion.value: round(share, 4) for emotion, share in of.items()}
                for sound, of in self.moods.items()
            },
            "weights": _FOLDER.named(data),
            **self.provenance,
        }
        _FOLDER.write(folder, description, data, card=card)

    def _arrays(self) -> dict[str, Reals]:
        return {
            "sounds": self.sounds.weights,
            "sounds_bias": self.sounds.bias,
            "efforts": self.efforts.weights,
            "efforts_bias": self.efforts.bias,
            "baseline": self.baseline,
            "music": self.music.weights,
            "music_bias": self.music.bias,
        }


def find_weights(model: str, features: Mapping[str, Any]) -> SoundDetector | None:
    """Finds the weights for a model's frames, or None.

    Args:
        model: the model's name; weights trained on its frames are in the folder ``sounds-NAME``
        features: name and parameters of its frames; weights for others are ignored, and a model
            without weights of its own uses those of another model with the same frames

    Raises:
        BundleError: if they are altered or of another version

    >>> find_weights("no-such-model", {}) is None
    True
    """
    every = [
        path.parent for at in SHIPPED for path in sorted(at.glob(f"sounds-*/{DESCRIPTION_FILE}"))
    ]
    own = [folder for folder in every if folder.name == f"sounds-{model}"]
    for folder in own[:1] or every:
        found = _read_once(folder)
        if found.features == features:
            return found
    return None


@loaded_once(8)
def _read_once(folder: Path) -> SoundDetector:
    return read_weights(folder)


def read_weights(folder: Path) -> SoundDetector:
    """Reads the weights in *folder* and checks their SHA-256 and version.

    Raises:
        BundleError: if a file is missing, altered or of another version
    """
    with _FOLDER.read(folder) as (description, data):
        return _weights(folder, description, data)


def _weights(folder: Path, description: dict[str, Any], data: bytes) -> SoundDetector:
    path = folder / DESCRIPTION_FILE
    features = description["features"]
    size, frame_ms = (int(features["parameters"][key]) for key in ("size", "frame_ms"))
    thresholds = {name: float(description["thresholds"][name.value]) for name in VOCALS}
    music_threshold = float(description["thresholds"][MUSIC])
    reached = {name: description["reached"][name.value] is True for name in VOCALS}
    if not (0 < size <= 8192 and 0 < frame_ms <= 1000):
        raise BundleError("its features are invalid", path=path, remedy=_REMEDY)
    if not all(0 <= threshold <= 1 for threshold in (*thresholds.values(), music_threshold)):
        raise BundleError("its thresholds are invalid", path=path, remedy=_REMEDY)
    moods = {Sound(name): _shares(of) for name, of in description["moods"].items()}
    if not all(0 < share <= 1 for of in moods.values() for share in of.values()):
        raise BundleError("its shares of moods are invalid", path=path, remedy=_REMEDY)
    shapes = {name: (shape, np.float32) for name, shape in _shapes(size).items()}
    arrays = _FOLDER.unpack(data, shapes, folder)
    known = {"format", "features", "thresholds", "reached", "moods", "weights"}
    return SoundDetector(
        features=features,
        sounds=LinearLayer(arrays["sounds"], arrays["sounds_bias"]),
        efforts=LinearLayer(arrays["efforts"], arrays["efforts_bias"]),
        baseline=arrays["baseline"],
        music=LinearLayer(arrays["music"], arrays["music_bias"]),
        music_threshold=music_threshold,
        thresholds=thresholds,
        reached=reached,
        moods=moods,
        provenance={key: value for key, value in description.items() if key not in known},
    )


def _shares(of: Mapping[str, Any]) -> dict[Emotion, float]:
    return {emotion: float(of[emotion.value]) for emotion in EMOTIONS}


def _shapes(size: int) -> dict[str, tuple[int, ...]]:
    return {
        "sounds": (2 * size, len(WINDOW_CLASSES)),
        "sounds_bias": (len(WINDOW_CLASSES),),
        "efforts": (2 * size, len(EFFORT_CLASSES)),
        "efforts_bias": (len(EFFORT_CLASSES),),
        "baseline": (2 * size,),
        "music": (2 * size, len(MUSIC_CLASSES)),
        "music_bias": (len(MUSIC_CLASSES),),
    }
