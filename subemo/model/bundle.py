"""A trained model as a folder of data: weights, parameters and a model card.

``model.tflite`` holds the weights, ``model.json`` everything else that is
needed to use them, ``README.md`` the model card. Nothing in a bundle is code:
a malicious bundle can predict wrongly, but cannot run anything.
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
from ..core.files import create_folder
from ..core.model_folder import SHIPPED, ModelFolder
from ..features import FEATURE_SETS, FeatureSet, Vector
from .decision import DecisionParameters, Witnesses, described
from .statistics import ADAPTATIONS

#: The version of `model.json`; bundles of other versions are refused.
FORMAT = 1

WEIGHTS_FILE = "model.tflite"
DESCRIPTION_FILE = "model.json"

#: The keys of a description besides a model's provenance.
_OURS = frozenset(
    {
        "format", "name", "labels", "sample_rate", "features", "standardisation", "calibration",
        "weights", "decision",
    }
)  # fmt: skip

#: The largest weights are a hundred times those of the bundled models.
_FOLDER = ModelFolder(
    name="the model",
    format=FORMAT,
    description=DESCRIPTION_FILE,
    weights=WEIGHTS_FILE,
    most_bytes=256 << 20,
    remedy="Get a fresh copy of the model.",
    elsewhere="Give a folder with model.json and model.tflite.",
)

#: The pattern of model names, which are used in captions and folder names.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")


@dataclass(frozen=True, eq=False)
class Bundle:
    """A model that was read and checked.

    Attributes:
        name: the model's name
        features: the feature set that it was trained on
        mean: mean of each feature in the training data, shape `features.shape`
        scale: standard deviation of each, the same shape
        adaptation: how the model is adapted to a film by default, one of `ADAPTATIONS`
        temperature: the divisor of its logits that calibrates its probabilities
        threshold: the lowest probability of a shown tag, unless the policy sets it
        decision: the parameters of the decision, by the evidence for it; empty if each cue
            is decided by its voice alone
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
        """The SHA-256 of everything that its predictions depend on."""
        content = json.dumps(self.description(), sort_keys=True).encode()
        return hashlib.sha256(content + self.weights).hexdigest()

    def description(self) -> dict[str, Any]:
        """The content of `model.json`."""
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
            "weights": _FOLDER.named(self.weights),
            **self.provenance,
        }

    def write(self, folder: Path, *, card: str) -> None:
        """Writes the bundle to *folder*, replacing an existing one."""
        _FOLDER.write(folder, self.description(), self.weights, card=card)


def find_bundle(model: str | Path) -> Path:
    """The folder of a model, given by name or path.

    Raises:
        BundleError: if it does not exist
    """
    for shipped in SHIPPED:
        if str(model) in shipped_models() and (shipped / model / DESCRIPTION_FILE).is_file():
            return shipped / model
    if Path(model).is_dir():
        return Path(model)
    raise BundleError(
        f"unknown model {str(model)!r}",
        remedy=f"Choose from {', '.join(shipped_models()) or 'none'}, or give a model's folder.",
    )


def shipped_models() -> list[str]:
    """The names of the bundled models."""
    return sorted(
        {path.parent.name for shipped in SHIPPED for path in shipped.glob(f"*/{DESCRIPTION_FILE}")}
    )


def is_model_name(name: str) -> bool:
    """Whether a model may have this name: up to 64 letters, digits, ``.``, ``_``, ``+`` and ``-``.

    >>> is_model_name("my-model"), is_model_name("my model")
    (True, False)
    """
    return _NAME.fullmatch(name) is not None


def check_new_bundle(folder: Path, *, overwrite: bool = False) -> None:
    """Checks that a model may be written to a folder, before any work is done.

    Raises:
        OutputError: if it has a model already or is not writable
    """
    if (folder / DESCRIPTION_FILE).exists() and not overwrite:
        raise OutputError(
            "this folder already has a model",
            path=folder,
            remedy="Replace it with `overwrite=True`, or choose another folder with `folder`.",
        )
    create_folder(folder)


def read_bundle(folder: Path) -> Bundle:
    """Reads the bundle in *folder* and checks its SHA-256 and version.

    Raises:
        BundleError: if a file is missing, altered or of another version
    """
    with _FOLDER.read(folder) as (description, weights):
        return _bundle(folder / DESCRIPTION_FILE, description, weights)


def _bundle(path: Path, description: dict[str, Any], weights: bytes) -> Bundle:
    if description["labels"] != list(EMOTIONS):
        raise BundleError("its labels are not the eight emotions in order", path=path)
    name = description["name"]
    if not (isinstance(name, str) and is_model_name(name)):
        raise BundleError(
            "its name is not of up to 64 letters, digits, dots, dashes and underscores",
            path=path,
        )
    if description["weights"]["file"] != WEIGHTS_FILE:
        raise BundleError(f"its weights are not in {WEIGHTS_FILE}", path=path)
    features = _features(path, description["features"])
    standardisation = description["standardisation"]
    if standardisation["adaptation"] not in ADAPTATIONS:
        raise BundleError(f"unknown adaptation {standardisation['adaptation']!r}", path=path)
    with np.errstate(over="ignore"):  # overflow becomes infinite and is refused
        mean, scale = (np.asarray(standardisation[key], np.float32) for key in ("mean", "scale"))
    fits = mean.shape == scale.shape == features.shape
    if not (fits and np.isfinite([mean, scale]).all() and (scale > 0).all()):
        raise BundleError("its mean and scale do not match its features", path=path)
    calibration = description.get("calibration", {"temperature": 1.0, "threshold": 0.5})
    temperature, threshold = (float(calibration[key]) for key in ("temperature", "threshold"))
    if not (0.01 <= temperature < 100 and 0 <= threshold <= 1):
        raise BundleError(f"its calibration is invalid: {calibration}", path=path)
    return Bundle(
        name=name,
        features=features,
        mean=mean,
        scale=scale,
        adaptation=standardisation["adaptation"],
        weights=weights,
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
        raise BundleError(f"its decision is invalid: {error.problem}", path=path) from error


def _features(path: Path, described: dict[str, Any]) -> FeatureSet:
    """The feature set that a model was trained on.

    Raises:
        BundleError: if this version of subemo does not support it
    """
    parameters = described["parameters"]
    features = FEATURE_SETS.get(described["name"])
    if features is not None:
        features = features.configured(parameters)
    if features is None or features.parameters() != parameters:
        raise BundleError(
            f"it needs features {described['name']!r} that this version of subemo does not support",
            path=path,
            remedy="Use the version of subemo that it came with, or train it again.",
        )
    return features
