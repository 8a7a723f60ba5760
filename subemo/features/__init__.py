"""Feature sets, by the name that a model's `model.json` gives."""

from __future__ import annotations

from .base import FeatureSet, Vector
from .report import ReportFeatures
from .trim import trim_silence

FEATURE_SETS: dict[str, FeatureSet] = {features.name: features for features in (ReportFeatures(),)}

__all__ = ["FEATURE_SETS", "FeatureSet", "ReportFeatures", "Vector", "trim_silence"]
