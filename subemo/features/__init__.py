"""Feature sets, by their names in `model.json`."""

from __future__ import annotations

from importlib import import_module

from .base import FeatureSet, FrameFeatures, Vector
from .handcrafted import ReportFeatures
from .joined import JoinedFrames
from .trim import trim_silence
from .whisper import WhisperFrames

#: The modules of the feature sets; see `FeatureSet`.
_MODULES = ("handcrafted", "whisper", "joined")


def _feature_set(module: str) -> FeatureSet:
    features: FeatureSet = import_module(f"{__package__}.{module}").FEATURES
    return features


FEATURE_SETS: dict[str, FeatureSet] = {
    features.name: features for features in map(_feature_set, _MODULES)
}

#: The frames on which the default recipe trains.
DEFAULT_FRAMES: FrameFeatures = JoinedFrames()

__all__ = [
    "DEFAULT_FRAMES",
    "FEATURE_SETS",
    "FeatureSet",
    "FrameFeatures",
    "JoinedFrames",
    "ReportFeatures",
    "Vector",
    "WhisperFrames",
    "trim_silence",
]
