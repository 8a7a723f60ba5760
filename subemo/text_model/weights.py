"""The weights of a text model: a folder of data, checked before use.

``words.npz`` holds arrays (no pickles), ``words.json`` the parameters and the
arrays' SHA-256, ``README.md`` the card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.emotions import EMOTIONS, Emotion
from ..core.errors import BundleError
from ..core.model_folder import ModelFolder, pack_arrays
from .features import BUCKETS, COLUMNS, MANNERS, Reals

#: The version of the folder's layout; other versions are refused.
FORMAT = 1
WEIGHTS_FILE = "words.npz"
DESCRIPTION_FILE = "words.json"

#: The labels of lines in corpora; none labels lines as calm.
CLASSES: tuple[Emotion, ...] = tuple(e for e in EMOTIONS if e is not Emotion.CALM)

_REMEDY = "Reinstall subemo."
_FOLDER = ModelFolder(
    name="the text model",
    format=FORMAT,
    description=DESCRIPTION_FILE,
    weights=WEIGHTS_FILE,
    most_bytes=5 << 20,
    remedy=_REMEDY,
    elsewhere=_REMEDY,
)


@dataclass(frozen=True, eq=False)
class Table:
    """The weights of n-grams for each class, in eight bits.

    Attributes:
        values: shape (rows, classes)
        scale: the value of 1, shape (classes,)
    """

    values: NDArray[np.int8]
    scale: Reals

    @classmethod
    def of(cls, weights: Reals) -> Table:
        """Quantises weights to 255 steps per class."""
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
        return cls(np.rint(weights / scale).astype(np.int8), scale.astype(np.float32))


#: The tables and their numbers of rows; `before`, `earlier` and `same` have only words.
TABLES: Mapping[str, int] = {
    "own": COLUMNS,
    "general": COLUMNS,
    "before": BUCKETS,
    "earlier": BUCKETS,
    "same": BUCKETS,
}


@dataclass(frozen=True, eq=False)
class Weights:
    """All parameters of a language.

    Attributes:
        language: BCP 47
        prior: the share of each class in training, shape (7,)
        calm_share: the share of neutral assigned to calm
        temperature: the divisor of logits that calibrates probabilities
        rarity: inverse document frequency of each column, shape (COLUMNS,)
        own: weights of the line's n-grams
        general: weights of the line's n-grams, in the out-of-domain model
        before: weights of the words of the previous line
        earlier: weights of the words of the line before that
        same: weights of the words of the previous line if its speaker is the same
        general_bias: shape (7,)
        general_mean: mean of the general model's log posteriors, shape (7,)
        dense: weights of the dense features, shape (SURROUNDINGS, 7)
        bias: shape (7,)
        provenance: data, recipe, seed and figures, for people
    """

    language: str
    prior: Reals
    calm_share: float
    temperature: float
    rarity: Reals
    own: Table
    general: Table
    before: Table
    earlier: Table
    same: Table
    general_bias: Reals
    general_mean: Reals
    dense: Reals
    bias: Reals
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Writes the weights to *folder*, replacing existing ones."""
        data = self._packed()
        description = {
            "format": FORMAT,
            "language": self.language,
            "classes": [emotion.value for emotion in CLASSES],
            "calm_share": self.calm_share,
            "temperature": self.temperature,
            "weights": _FOLDER.named(data),
            **self.provenance,
        }
        _FOLDER.write(folder, description, data)

    def _packed(self) -> bytes:
        arrays: dict[str, NDArray[Any]] = {name: getattr(self, name) for name in _shapes()}
        for name in TABLES:
            arrays[name] = getattr(self, name).values
            arrays[f"{name}_scale"] = getattr(self, name).scale
        return pack_arrays(arrays)


def read_weights(folder: Path) -> Weights:
    """Reads the weights in *folder* and checks their SHA-256 and version.

    Raises:
        BundleError: if a file is missing, altered or of another version
    """
    with _FOLDER.read(folder) as (description, data):
        return _weights(folder, description, data)


def _weights(folder: Path, description: dict[str, Any], data: bytes) -> Weights:
    path = folder / DESCRIPTION_FILE
    if description["classes"] != list(CLASSES):
        raise BundleError("its classes are not the emotions in order", path=path)
    share, temperature = float(description["calm_share"]), float(description["temperature"])
    if not (0 <= share <= 1 and 0 < temperature < 100):
        raise BundleError("its calibration is invalid", path=path, remedy=_REMEDY)
    arrays = _FOLDER.unpack(data, _all_shapes(), folder)
    tables: dict[str, Any] = {
        name: Table(arrays.pop(name), arrays.pop(f"{name}_scale")) for name in TABLES
    }
    prior = arrays["prior"]
    if not ((prior > 0).all() and abs(float(prior.sum()) - 1) < 1e-3):
        raise BundleError(
            "its prior is not a distribution", path=folder / WEIGHTS_FILE, remedy=_REMEDY
        )
    known = {"format", "language", "classes", "calm_share", "temperature", "weights"}
    return Weights(
        language=str(description["language"]),
        calm_share=share,
        temperature=temperature,
        **tables,
        **arrays,
        provenance={key: value for key, value in description.items() if key not in known},
    )


def _all_shapes() -> dict[str, tuple[tuple[int, ...], type]]:
    shapes: dict[str, tuple[tuple[int, ...], type]] = {
        name: (shape, np.float32) for name, shape in _shapes().items()
    }
    for name, rows in TABLES.items():
        shapes[name] = ((rows, len(CLASSES)), np.int8)
        shapes[f"{name}_scale"] = ((len(CLASSES),), np.float32)
    return shapes


def _shapes() -> dict[str, tuple[int, ...]]:
    classes = len(CLASSES)
    return {
        "prior": (classes,),
        "rarity": (COLUMNS,),
        "general_bias": (classes,),
        "general_mean": (classes,),
        "dense": (4 * classes + MANNERS + 2, classes),
        "bias": (classes,),
    }
