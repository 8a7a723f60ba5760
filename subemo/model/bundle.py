"""A trained model as a folder of data: weights, numbers, and a card to read.

``model.tflite`` holds the weights, ``model.json`` everything else that is
needed to use them, ``README.md`` the model card. Nothing in a bundle is code:
a stranger's bundle can answer wrongly, but run nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..core.emotions import EMOTIONS
from ..core.errors import BundleError, OutputError, SettingsError
from ..core.files import write_atomically
from ..core.model_folder import SHIPPED, check_digest, check_format, description_of, read_part
from ..features import FEATURE_SETS, FeatureSet, Vector
from .decision import DecisionParameters, Witnesses, described
from .statistics import ADAPTATIONS

#: Of the layout of `model.json`; a bundle of another one is refused.
FORMAT = 1

WEIGHTS_FILE = "model.tflite"
DESCRIPTION_FILE = "model.json"
CARD_FILE = "README.md"

#: What a description says besides a model's provenance.
_OURS = frozenset(
    {
        "format", "name", "labels", "sample_rate", "features", "standardisation", "calibration",
        "weights", "decision",
    }
)  # fmt: skip

#: No part of a model may be larger, in bytes; ours have less than a hundredth of it.
_LIMITS = {DESCRIPTION_FILE: 16 << 20, WEIGHTS_FILE: 256 << 20}

_REMEDY = "Fetch the model again."

#: What a model may be called: names go into captions and into the names of folders.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")


@dataclass(frozen=True, eq=False)
class Bundle:
    """A model, read and checked.

    Attributes:
        name: the model's name
        features: the feature set that it was trained on
        mean: of each feature on the training rows, shape `features.shape`
        scale: standard deviation of each, the same shape
        adaptation: how the model is adapted to a film, one of `ADAPTATIONS`
        temperature: what its logits are divided by, so that its probabilities are calibrated
        threshold: the probability from which on a tag is shown, where the policy names no other
        decision: the numbers of a film's decision, by what it rests on; empty where each cue
            is decided on by its voice alone
        weights: the content of `WEIGHTS_FILE`
        provenance: training data, recipe, seeds, versions and figures, for people
    """

    name: str
    features: FeatureSet
    mean: Vector
    scale: Vector
    adaptation: str
    weights: bytes = field(repr=False)
    provenance: Mapping[str, Any] = field(repr=False)
    temperature: float = 1.0
    threshold: float = 0.5
    decision: Mapping[Witnesses, DecisionParameters] = field(default_factory=dict)

    @property
    def training_corpora(self) -> frozenset[str]:
        """The corpora that the model was trained on."""
        training = self.provenance.get("training")
        corpora = training.get("corpora") if isinstance(training, dict) else None
        return frozenset(corpora if isinstance(corpora, dict) else ())

    @property
    def digest(self) -> str:
        """The SHA-256 of all that its answers depend on."""
        content = json.dumps(self.description(), sort_keys=True).encode()
        return hashlib.sha256(content + self.weights).hexdigest()

    def description(self) -> dict[str, Any]:
        """What `model.json` says."""
        return {
            "format": FORMAT,
            "name": self.name,
            "labels": [emotion.value for emotion in EMOTIONS],
            "sample_rate": self.features.sample_rate,
            "features": {"name": self.features.name, "parameters": self.features.parameters()},
            "standardisation": {
                "adaptation": self.adaptation,
                "mean": self.mean.astype(float).tolist(),
                "scale": self.scale.astype(float).tolist(),
            },
            "calibration": {"temperature": self.temperature, "threshold": self.threshold},
            **({"decision": described(self.decision)} if self.decision else {}),
            "weights": {
                "file": WEIGHTS_FILE,
                "sha256": hashlib.sha256(self.weights).hexdigest(),
            },
            **self.provenance,
        }

    def write(self, folder: Path, *, card: str) -> None:
        """Writes the bundle to *folder*, over one that is there."""
        folder.mkdir(parents=True, exist_ok=True)
        description = json.dumps(self.description(), indent=1) + "\n"
        write_atomically(folder / WEIGHTS_FILE, self.weights, overwrite=True)
        write_atomically(folder / DESCRIPTION_FILE, description.encode(), overwrite=True)
        write_atomically(folder / CARD_FILE, card.encode(), overwrite=True)


def find_bundle(model: str | Path) -> Path:
    """The folder of a model that is named, or given as a path.

    Raises:
        BundleError: if there is none
    """
    for shipped in SHIPPED:
        if str(model) in shipped_models() and (shipped / model / DESCRIPTION_FILE).is_file():
            return shipped / model
    if Path(model).is_dir():
        return Path(model)
    raise BundleError(
        f"no model is called {str(model)!r}",
        remedy=f"There are: {', '.join(shipped_models()) or 'none'}; or give a model's folder.",
    )


def shipped_models() -> list[str]:
    """The names of the models that come with subemo."""
    return sorted(
        {path.parent.name for shipped in SHIPPED for path in shipped.glob(f"*/{DESCRIPTION_FILE}")}
    )


def check_new_bundle(folder: Path, *, overwrite: bool = False) -> None:
    """Refuses a folder where a model must not be put, before any work is done for it.

    Raises:
        OutputError: if a model is there already, or nothing can be made there
    """
    if (folder / DESCRIPTION_FILE).exists() and not overwrite:
        raise OutputError(
            "there is a model already",
            path=folder,
            remedy="Use --overwrite, or -o for another folder.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot be made ({error.strerror})", path=folder) from error


def read_bundle(folder: Path) -> Bundle:
    """The bundle in *folder*, checked against its own SHA-256 and against this subemo.

    Raises:
        BundleError: if a part is missing, altered or of another version
    """
    path = folder / DESCRIPTION_FILE
    with description_of("a model", path=path, remedy=_REMEDY):
        return _bundle(folder, json.loads(_read(path)))


def _bundle(folder: Path, description: dict[str, Any]) -> Bundle:
    path = folder / DESCRIPTION_FILE
    check_format(
        description["format"],
        FORMAT,
        what="this model has",
        path=path,
        remedy="Use the subemo that it came with, or train it again.",
    )
    if description["labels"] != list(EMOTIONS):
        raise BundleError("its labels are not the eight emotions in order", path=path)
    name = description["name"]
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise BundleError(
            "its name is not one of up to 64 letters, digits, dots, dashes and underscores",
            path=path,
        )
    if description["weights"]["file"] != WEIGHTS_FILE:
        raise BundleError(f"its weights are not called {WEIGHTS_FILE}", path=path)
    features = _features(path, description["features"])
    standardisation = description["standardisation"]
    if standardisation["adaptation"] not in ADAPTATIONS:
        raise BundleError(f"unknown adaptation {standardisation['adaptation']!r}", path=path)
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        mean, scale = (np.asarray(standardisation[key], np.float32) for key in ("mean", "scale"))
    fits = mean.shape == scale.shape == features.shape
    if not (fits and np.isfinite([mean, scale]).all() and (scale > 0).all()):
        raise BundleError("its mean and scale do not fit its features", path=path)
    calibration = description.get("calibration", {"temperature": 1.0, "threshold": 0.5})
    temperature, threshold = (float(calibration[key]) for key in ("temperature", "threshold"))
    if not (0 < temperature < 100 and 0 <= threshold <= 1):
        raise BundleError(f"its calibration cannot be: {calibration}", path=path)
    return Bundle(
        name=name,
        features=features,
        mean=mean,
        scale=scale,
        adaptation=standardisation["adaptation"],
        weights=_weights(folder, description["weights"]["sha256"]),
        provenance={key: value for key, value in description.items() if key not in _OURS},
        temperature=temperature,
        threshold=threshold,
        decision=_decision(description.get("decision", {}), path),
    )


def _decision(description: Any, path: Path) -> Mapping[Witnesses, DecisionParameters]:
    try:
        return {
            Witnesses(kind): DecisionParameters.of(numbers) for kind, numbers in description.items()
        }
    except SettingsError as error:
        raise BundleError(f"its decision cannot be: {error.problem}", path=path) from error


def _features(path: Path, described: dict[str, Any]) -> FeatureSet:
    """The feature set that a model was trained on.

    Raises:
        BundleError: if this subemo does not compute it
    """
    parameters = described["parameters"]
    features = FEATURE_SETS.get(described["name"])
    if features is not None:
        features = features.configured(parameters)
    if features is None or features.parameters() != parameters:
        raise BundleError(
            f"it needs the features {described['name']!r} as this subemo does not compute them",
            path=path,
            remedy="Use the subemo that it came with, or train it again.",
        )
    return features


def _weights(folder: Path, digest: object) -> bytes:
    """A model's weights.

    Raises:
        BundleError: if they are not those with that SHA-256
    """
    path = folder / WEIGHTS_FILE
    weights = _read(path)
    check_digest(weights, digest, path=path, named_in=DESCRIPTION_FILE, remedy=_REMEDY)
    return weights


def _read(path: Path) -> bytes:
    return read_part(
        path,
        limit=_LIMITS[path.name],
        name="the model",
        remedy="A model is a folder with model.json and model.tflite.",
    )
