"""Vocal sounds and vocal effort of each cue, from the frames that are there anyway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.sounds import VocalProbabilities
from ..model.classifier import Classifier
from ..model.statistics import Adaptation
from ..sounds.detection import effort_probabilities, film_baseline, sound_peaks, summary
from ..sounds.weights import Weights, find_weights
from .answers import Answer, SpanFeatures
from .spill import Reader


@dataclass(frozen=True)
class Listener:
    """What listens to a film.

    Attributes:
        model: to its voices
        adaptation: what their features are standardised with
        sounds: to vocal sounds, or None
    """

    model: Classifier
    adaptation: Adaptation
    sounds: Weights | None = None


def weights_for(model: Classifier) -> Weights | None:
    """What hears vocal sounds in the frames of a model, or None where nothing was trained for them."""
    features = model.features
    described = {"name": features.name, "parameters": dict(features.parameters())}
    return find_weights(model.bundle.name, described)


def hear_cues(
    found: Sequence[SpanFeatures], answers: Sequence[Answer], sounds: Weights
) -> list[Answer]:
    """The answers with what is vocal in each cue, where it has enough sound.

    Args:
        found: what was vocal of the cues, in windows
        answers: of all cues
        sounds: what hears vocal sounds in those features
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
        return list(answers)
    rows = np.stack(list(summaries.values()))
    efforts = effort_probabilities(rows, film_baseline(rows, sounds.baseline), sounds.efforts)
    vocal = {
        cue: VocalProbabilities(tuple(peaks[cue].tolist()), tuple(effort.tolist()))
        for cue, effort in zip(summaries, efforts, strict=True)
    }
    return [replace(answer, vocal=vocal.get(cue)) for cue, answer in enumerate(answers)]
