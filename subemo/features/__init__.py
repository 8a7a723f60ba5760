"""Feature sets, by the name that a model's `model.json` gives."""

from __future__ import annotations

from .base import FeatureSet, Vector
from .handcrafted import ReportFeatures
from .trim import trim_silence
from .whisper import WhisperFrames

FEATURE_SETS: dict[str, FeatureSet] = {
    features.name: features for features in (ReportFeatures(), WhisperFrames())
}

__all__ = [
    "FEATURE_SETS",
    "FeatureSet",
    "ReportFeatures",
    "Vector",
    "WhisperFrames",
    "trim_silence",
]
