"""A model's predictions for labelled clips, or labelled segments of a film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from ...align import Span, windows
from ...align.segments import MAX_WINDOW_MS
from ...analysis.features import SpanFeatures
from ...analysis.film import open_film
from ...analysis.predictions import predict_cues, predictions_of
from ...core.cache import Cache, all_finite
from ...core.emotions import Prediction
from ...core.errors import CorpusError, MissingExtraError, SubemoError
from ...core.progress import OnStep, Step, ignore
from ...features import FeatureSet, Vector
from ...features.windows import Windows, extract_windows
from ...model.classifier import Classifier
from ...model.statistics import check_adaptation
from ..corpora import Clip
from ..datasets.clips import AUGMENTATION, SLACK_MS, clip_versions
from ..datasets.features import on_all_cores
from .metrics import Scored, score


@dataclass(frozen=True, eq=False)
class ClipAnswers:
    """The predictions of a model.

    Attributes:
        clips: the classified clips, once per version
        versions: the version of each; 0 is the original
        predictions: the prediction for each
        adaptation: how features were standardised
        broken: the clips that could not be classified, and why
    """

    clips: tuple[Clip, ...]
    versions: tuple[int, ...]
    predictions: tuple[Prediction, ...]
    adaptation: str
    broken: tuple[tuple[Clip, str], ...] = field(default=())

    def score(self, *, all_classes: bool = False) -> Scored:
        """The labels and predictions to score, grouped by speaker if all are known.

        Raises:
            CorpusError: if no clip could be classified
        """
        if not self.clips:
            raise CorpusError("no clip could be classified")
        known = all(clip.speaker for clip in self.clips)
        return score(
            [clip.emotion for clip in self.clips],
            [prediction.probabilities for prediction in self.predictions],
            groups=[(clip.speaker if known else None) or clip.key for clip in self.clips],
            grouped_by="speaker" if known else "clip",
            all_classes=all_classes,
        )


def answer_clips(
    clips: Sequence[Clip],
    classifier: Classifier,
    *,
    versions: int = 1,
    adaptation: str | None = None,
    cache: Cache | None = None,
    on_step: OnStep = ignore,
) -> ClipAnswers:
    """Classifies every clip.

    Args:
        clips: labelled clips
        classifier: the model
        versions: versions of each clip: 1, or up to 4 with the augmentations of the 2024 report
        adaptation: one of `ADAPTATIONS`; None for the bundle's default
        cache: the folder of cached features, or None
        on_step: called with each step of progress
    """
    asked: list[tuple[Clip, int]] = []
    windows_of: list[Windows] = []
    broken: list[tuple[Clip, str]] = []
    found = _extract_all(clips, classifier, versions, cache)
    for done, (clip, of_versions) in enumerate(zip(clips, found, strict=True), 1):
        if isinstance(of_versions, str):
            broken.append((clip, of_versions))
        else:
            asked += [(clip, version) for version in range(len(of_versions))]
            windows_of += of_versions
        on_step(Step("features", done, len(clips)))
    predictions = predict_windows(windows_of, classifier, adaptation)
    pairs = zip(asked, predictions, strict=True)
    return _answers(
        ((clip, version, prediction) for (clip, version), prediction in pairs),
        broken,
        classifier,
        adaptation,
    )


def answer_film(
    video: Path,
    labels: Sequence[Clip],
    classifier: Classifier,
    *,
    adaptation: str | None = None,
    audio_stream: int | None = None,
    on_step: OnStep = ignore,
) -> ClipAnswers:
    """Classifies labelled segments of a film, in one pass over it.

    Args:
        video: the film
        labels: its segments, each with `start_ms` and `end_ms`
        classifier: the model
        adaptation: one of `ADAPTATIONS`; None for the bundle's default
        audio_stream: audio track, from 0; None for the default track
        on_step: called with each step of progress

    Raises:
        MediaError: if the film has no sound that can be read
        CorpusError: if a segment ends after the sound
    """
    film = open_film(video, audio_stream=audio_stream)
    rate = classifier.features.sample_rate
    stretches = [
        Span(start, end, number)
        for number, clip in enumerate(labels)
        for start, end in windows(clip.start_ms or 0, clip.end_ms or 0, longest_ms=MAX_WINDOW_MS)
    ]
    with film.sound("extracting features", rate, on_step=on_step) as blocks:
        found = predictions_of(
            blocks, stretches, classifier, adaptation=check_adaptation(adaptation)
        )
    for clip, answer in zip(labels, found, strict=True):
        start_ms, end_ms = clip.start_ms or 0, clip.end_ms or 0
        if not answer.audio_ms or answer.audio_ms < end_ms - start_ms - SLACK_MS:
            raise CorpusError(
                f"the segment {start_ms / 1000:g} to {end_ms / 1000:g} s is outside the film",
                path=video,
            )
    answered = [(clip, 0, answer.prediction) for clip, answer in zip(labels, found, strict=True)]
    return _answers(answered, [], classifier, adaptation)


_TOO_LITTLE = "too little sound"


def _extract_all(
    clips: Sequence[Clip],
    classifier: Classifier,
    versions: int,
    cache: Cache | None,
) -> Iterator[list[Windows] | str]:
    """The features of each clip, or why there are none; augmentation runs in parallel."""
    of_each = partial(_extract, features=classifier.features, versions=versions, cache=cache)
    if versions == 1:
        # Too little work to start other processes for.
        yield from map(of_each, clips)
        return
    yield from on_all_cores(of_each, clips)


def _extract(
    clip: Clip, features: FeatureSet, versions: int, cache: Cache | None
) -> list[Windows] | str:
    """The windows of each version of a clip, or why there are none."""
    try:
        key = ""
        if cache:
            parameters = sorted(features.parameters().items())
            content = clip.path.read_bytes()
            key = Cache.key(content, features.name, parameters, AUGMENTATION, versions, 0, clip.key)
            cached = cache.get(key, shape=(None, _HEAD + features.size), fits=all_finite)
            if cached is not None and all(unpacked := _unpack(cached, versions)):
                return unpacked
        sounds = clip_versions(clip, sample_rate=features.sample_rate, versions=versions)
        found = [extract_windows(sound, features, trimmed=True) for sound in sounds]
    except MissingExtraError:
        raise  # a fault of the machine, not of this clip
    except (SubemoError, OSError) as error:
        return str(error)
    if not all(found):
        return _TOO_LITTLE
    if cache:
        cache.put(key, _pack(found))
    return found


#: The columns before a frame's features: version, window, length, dimensions.
_HEAD = 4


def _pack(found: list[Windows]) -> Vector:
    """A row for each frame: its version, window, the window's length, and its features."""
    return np.array(
        [
            [version, window, size, vector.ndim, *frame]
            for version, parts in enumerate(found)
            for window, (vector, size) in enumerate(parts)
            for frame in np.atleast_2d(vector)
        ],
        dtype=np.float32,
    )


def _unpack(rows: Vector, versions: int) -> list[Windows]:
    """The inverse of `_pack`."""
    found: list[Windows] = []
    for version in range(versions):
        own = rows[rows[:, 0] == version]
        windows_of = [own[own[:, 1] == window] for window in np.unique(own[:, 1])]
        found.append(
            [
                (part[:, _HEAD:] if part[0, 3] == 2 else part[0, _HEAD:], int(part[0, 2]))
                for part in windows_of
            ]
        )
    return found


def predict_windows(
    sounds: Sequence[Windows], classifier: Classifier, adaptation: str | None
) -> list[Prediction | None]:
    """Classifies several segments, after standardising them together.

    Raises:
        SettingsError: if the adaptation is unknown
    """
    rate = classifier.features.sample_rate
    features = [
        SpanFeatures(Span(0, 0, number), size * 1000 // rate, partial(np.asarray, vector))
        for number, parts in enumerate(sounds)
        for vector, size in parts
    ]
    found = predict_cues(features, len(sounds), classifier, check_adaptation(adaptation))
    return [answer.prediction for answer in found]


def _answers(
    answered: Iterable[tuple[Clip, int, Prediction | None]],
    broken: Iterable[tuple[Clip, str]],
    classifier: Classifier,
    adaptation: str | None,
) -> ClipAnswers:
    """The predictions, separated from clips that could not be classified."""
    found = list(answered)
    known = [one for one in found if one[2] is not None]
    silent = [(clip, _TOO_LITTLE) for clip, _, prediction in found if prediction is None]
    return ClipAnswers(
        tuple(clip for clip, _, _ in known),
        tuple(version for _, version, _ in known),
        tuple(prediction for _, _, prediction in known if prediction is not None),
        adaptation or classifier.bundle.adaptation,
        (*broken, *silent),
    )
