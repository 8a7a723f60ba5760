"""Feature sets, by their names in `model.json`."""

from __future__ import annotations

from .base import FeatureSet, FrameFeatures, Vector
from .handcrafted import ReportFeatures
from .whisper import JoinedFrames, WhisperFrames
from .windows import trim_silence

_EVERY: tuple[FeatureSet, ...] = (ReportFeatures(), WhisperFrames(), JoinedFrames())

FEATURE_SETS = {features.name: features for features in _EVERY}

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
