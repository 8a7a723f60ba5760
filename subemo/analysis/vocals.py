"""Vocal sounds and vocal effort of each cue, from the frames of the voice model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.sounds import VocalProbabilities
from ..model.classifier import Classifier
from ..model.statistics import Adaptation
from ..sounds.detection import effort_probabilities, film_baseline, sound_peaks, summary
from ..sounds.weights import SoundDetector, find_weights
from .answers import CuePrediction, SpanFeatures
from .spill import Reader


@dataclass(frozen=True)
class Listener:
    """The models that analyse a film's sound.

    Attributes:
        model: the emotion classifier
        adaptation: how features are standardised
        sounds: the detector of vocal sounds, or None
    """

    model: Classifier
    adaptation: Adaptation
    sounds: SoundDetector | None = None


def weights_for(model: Classifier) -> SoundDetector | None:
    """The detector of vocal sounds trained on a model's frames, or None."""
    features = model.features
    described = {"name": features.name, "parameters": dict(features.parameters())}
    return find_weights(model.bundle.name, described)


def add_vocals(
    found: Sequence[SpanFeatures], predictions: Sequence[CuePrediction], sounds: SoundDetector
) -> list[CuePrediction]:
    """Adds vocal probabilities to the predictions of cues with enough sound.

    Args:
        found: the features of the cues' windows
        predictions: the predictions of all cues
        sounds: the detector of vocal sounds
    """
    of_cue: defaultdict[int, list[Reader]] = defaultdict(list)
    for one in found:
        if one.read is not None:
            of_cue[one.span.cue].append(one.read)
    peaks, summaries = {}, {}
    for cue, readers in of_cue.items():
        frames = [read() for read in readers]
        peaks[cue], summaries[cue] = sound_peaks(frames, sounds), summary(frames)
    if not summaries:
        return list(predictions)
    rows = np.stack(list(summaries.values()))
    efforts = effort_probabilities(rows, film_baseline(rows, sounds.baseline), sounds.efforts)
    vocal = {
        cue: VocalProbabilities(tuple(peaks[cue].tolist()), tuple(effort.tolist()))
        for cue, effort in zip(summaries, efforts, strict=True)
    }
    return [replace(predicted, vocal=vocal.get(cue)) for cue, predicted in enumerate(predictions)]
