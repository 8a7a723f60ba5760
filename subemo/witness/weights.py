"""The weights of a text model: a folder of data, checked before use.

``words.npz`` holds arrays (no pickles), ``words.json`` the parameters and the
arrays' SHA-256, ``README.md`` the card.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.emotions import EMOTIONS, Emotion
from ..core.errors import BundleError
from ..core.files import write_atomically
from ..core.model_folder import (
    check_digest,
    check_format,
    description_of,
    pack_arrays,
    read_part,
    unpack_arrays,
)
from .features import BUCKETS, COLUMNS, MANNERS, Reals

#: The version of the folder's layout; other versions are refused.
FORMAT = 1
WEIGHTS_FILE = "words.npz"
DESCRIPTION_FILE = "words.json"

#: The labels of lines in corpora; none labels lines as calm.
CLASSES: tuple[Emotion, ...] = tuple(e for e in EMOTIONS if e is not Emotion.CALM)

_LIMITS = {WEIGHTS_FILE: 5 << 20, DESCRIPTION_FILE: 1 << 20}
#: The largest size of all arrays together, in bytes, so that no archive fills the memory.
_UNPACKED_LIMIT = 32 << 20
_REMEDY = "Reinstall subemo."


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
        folder.mkdir(parents=True, exist_ok=True)
        data = self._packed()
        description = {
            "format": FORMAT,
            "language": self.language,
            "classes": [emotion.value for emotion in CLASSES],
            "calm_share": self.calm_share,
            "temperature": self.temperature,
            "weights": {"file": WEIGHTS_FILE, "sha256": hashlib.sha256(data).hexdigest()},
            **self.provenance,
        }
        write_atomically(folder / WEIGHTS_FILE, data, overwrite=True)
        text = json.dumps(description, indent=1) + "\n"
        write_atomically(folder / DESCRIPTION_FILE, text.encode(), overwrite=True)

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
    path = folder / DESCRIPTION_FILE
    with description_of("a words' model", path=path, remedy=_REMEDY):
        return _weights(folder, json.loads(_read(path)))


def _weights(folder: Path, description: dict[str, Any]) -> Weights:
    path = folder / DESCRIPTION_FILE
    check_format(
        description["format"], FORMAT, what="these weights have", path=path, remedy=_REMEDY
    )
    if description["classes"] != list(CLASSES):
        raise BundleError("its classes are not the emotions in order", path=path)
    share, temperature = float(description["calm_share"]), float(description["temperature"])
    if not (0 <= share <= 1 and 0 < temperature < 100):
        raise BundleError("its calibration is invalid", path=path, remedy=_REMEDY)
    data = _read(folder / WEIGHTS_FILE)
    check_digest(
        data,
        description["weights"]["sha256"],
        path=folder / WEIGHTS_FILE,
        named_in=DESCRIPTION_FILE,
        remedy=_REMEDY,
    )
    arrays = _arrays(data, folder / WEIGHTS_FILE)
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


def _arrays(data: bytes, path: Path) -> dict[str, Any]:
    shapes: dict[str, tuple[tuple[int, ...], type]] = {
        name: (shape, np.float32) for name, shape in _shapes().items()
    }
    for name, rows in TABLES.items():
        shapes[name] = ((rows, len(CLASSES)), np.int8)
        shapes[f"{name}_scale"] = ((len(CLASSES),), np.float32)
    return unpack_arrays(
        data,
        shapes,
        path=path,
        name="a words' model",
        limit=_UNPACKED_LIMIT,
        remedy=_REMEDY,
    )


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


def _read(path: Path) -> bytes:
    return read_part(path, limit=_LIMITS[path.name], name="the text model", remedy=_REMEDY)
