"""A baseline (peer): YAMNet (Google, Apache-2.0), a tagger of AudioSet's 521 classes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.errors import CorpusError
from ...core.sounds import SOUNDS, Sound
from .table import Peer

#: The window and hop in samples at 16 kHz.
_SIZE, _HOP = 15_600, 7_680
#: The classes of each sound.
CLASSES = {
    Sound.LAUGH: ("Laughter", "Baby laughter", "Giggle", "Belly laugh", "Chuckle, chortle"),
    Sound.SOB: ("Crying, sobbing", "Baby cry, infant cry", "Whimper", "Wail, moan"),
    Sound.SCREAM: ("Screaming", "Yell"),
    Sound.SIGH: ("Sigh",),
    Sound.GASP: ("Gasp", "Pant", "Breathing"),
    Sound.COUGH: ("Cough", "Throat clearing"),
    Sound.SNEEZE: ("Sneeze",),
}


def yamnet(folder: Path) -> Peer:
    """Loads YAMNet: returns the largest score of each sound's classes over all windows.

    Args:
        folder: with ``yamnet.tflite`` and ``yamnet_class_map.csv``

    Raises:
        CorpusError: if one of them is missing
    """
    weights, table = folder / "yamnet.tflite", folder / "yamnet_class_map.csv"
    for path in (weights, table):
        if not path.is_file():
            raise CorpusError("no such file", path=path, remedy="Give a folder with YAMNet in it.")
    from ai_edge_litert.interpreter import Interpreter

    with table.open(encoding="utf-8", newline="") as file:
        positions = {row["display_name"]: int(row["index"]) for row in csv.DictReader(file)}
    columns = [[positions[name] for name in CLASSES[sound]] for sound in SOUNDS]
    interpreter = Interpreter(str(weights), num_threads=1)
    interpreter.allocate_tensors()
    asked, told = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def ask(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        padded = np.pad(samples, (0, max(0, _SIZE - samples.size)))
        best = np.zeros(len(SOUNDS), np.float32)
        for start in range(0, padded.size - _SIZE + 1, _HOP):
            turn = padded[start : start + _SIZE].astype(np.float32)
            interpreter.set_tensor(asked["index"], turn.reshape(asked["shape"]))
            interpreter.invoke()
            scores = interpreter.get_tensor(told["index"]).reshape(-1)
            best = np.maximum(best, [scores[of].max() for of in columns])
        return best.astype(np.float32)

    return ask
