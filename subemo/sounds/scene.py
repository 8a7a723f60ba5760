"""Sounds of the scene (applause, siren, door), by a user's own YAMNet.

YAMNet (Google, Apache-2.0) scores 521 classes of AudioSet for each 0.975 s of sound. subemo
does not ship it; a user names a copy in LiteRT format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..core.errors import BundleError
from ..core.litert import Network
from ..core.model_folder import read_part
from ..core.sounds import SCENE_WORDS, SceneSound

#: What the model takes at once, and the hop to the next window, in samples at this rate.
SAMPLE_RATE, WINDOW, HOP = 16_000, 15_600, 7_680
#: The number of AudioSet's classes in its output.
CLASSES = 521

#: The positions of each sound's classes in the output, with their names in YAMNet's class map.
TABLE: Mapping[SceneSound, Mapping[int, str]] = MappingProxyType(
    {
        SceneSound.APPLAUSE: {62: "Applause", 58: "Clapping"},
        SceneSound.SIREN: {
            390: "Siren",
            391: "Civil defense siren",
            317: "Police car (siren)",
            318: "Ambulance (siren)",
            319: "Fire engine, fire truck (siren)",
        },
        SceneSound.DOOR: {348: "Door", 352: "Slam"},
        SceneSound.KNOCK: {353: "Knock"},
        SceneSound.PHONE: {384: "Telephone bell ringing", 385: "Ringtone"},
        SceneSound.GUNSHOT: {421: "Gunshot, gunfire", 422: "Machine gun", 423: "Fusillade"},
        SceneSound.EXPLOSION: {420: "Explosion"},
        SceneSound.THUNDER: {281: "Thunder", 280: "Thunderstorm"},
        SceneSound.GLASS: {437: "Shatter"},
        SceneSound.BARK: {70: "Bark"},
    }
)
#: The lowest score at which a sound is shown.
LEAST_SCORE = 0.5

_LARGEST = 64 << 20
_REMEDY = "Name a YAMNet in LiteRT format (yamnet.tflite)."

Scores = npt.NDArray[np.float32]


class SceneTagger:
    """A YAMNet, loaded.

    Args:
        weights: the content of a ``.tflite`` file
        path: the file, for errors

    Raises:
        BundleError: if it is not a network with YAMNet's input and output
    """

    def __init__(self, weights: bytes, path: Path) -> None:
        self.path = path
        #: The SHA-256 of its file.
        self.digest = hashlib.sha256(weights).hexdigest()
        try:
            self._network = Network(weights)
        except BundleError as error:
            raise BundleError(error.problem, path=path, remedy=_REMEDY) from error
        inputs, outputs = self._network.inputs, self._network.outputs
        targets = [one for one in outputs if one.size == CLASSES]
        if len(inputs) != 1 or inputs[0].size != WINDOW or len(targets) != 1:
            taken = " and ".join(f"{one.size:,}" for one in inputs)
            given = " and ".join(f"{one.size:,}" for one in outputs)
            raise BundleError(
                f"this network takes {taken} values and gives {given}; YAMNet takes {WINDOW:,} (0.975 s at "
                f"16 kHz) and gives {CLASSES} scores",
                path=path,
                remedy=_REMEDY,
            )
        self._source, self._target = inputs[0], targets[0]
        if not (self._source.is_single and self._target.is_single):
            raise BundleError("this network is not in single precision", path=path, remedy=_REMEDY)

    def scores(self, samples: npt.NDArray[np.float32]) -> Scores:
        """The score of each sound in each window; the last window ends in silence.

        Args:
            samples: mono at `SAMPLE_RATE`, shape (samples,)

        Returns:
            shape (windows, 10), in the order of `SCENE_WORDS`, 0 to 1

        Raises:
            BundleError: if the network fails, or its output is not scores
        """
        count = 1 + max(0, -(-(samples.size - WINDOW) // HOP))
        padded = np.zeros((count - 1) * HOP + WINDOW, np.float32)
        padded[: samples.size] = samples
        rows = [self._classes(padded[at * HOP : at * HOP + WINDOW]) for at in range(count)]
        return np.stack(
            [[row[list(TABLE[sound])].max() for sound in SCENE_WORDS] for row in rows]
        ).astype(np.float32)

    def _classes(self, window: npt.NDArray[np.float32]) -> Scores:
        try:
            found = self._network.run(window, self._source, self._target)
        except BundleError as error:
            raise BundleError(error.problem, path=self.path, remedy=_REMEDY) from error
        if not ((found >= 0) & (found <= 1)).all():
            raise BundleError(
                "this network's output is not scores from 0 to 1", path=self.path, remedy=_REMEDY
            )
        return found


def read_tagger(path: Path) -> SceneTagger:
    """Reads a YAMNet in LiteRT format.

    Raises:
        BundleError: if it cannot be read, is too large, or is not such a model
    """
    weights = read_part(path, limit=_LARGEST, name="the model of sounds", remedy=_REMEDY)
    return SceneTagger(weights, path)
