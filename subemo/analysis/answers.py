"""Features of each span of sound, and a prediction for each cue."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..align import Segment, Span
from ..core.cache import Cache, file_digest
from ..core.emotions import EMOTIONS
from ..core.prediction import Prediction, are_probabilities
from ..core.sounds import EFFORTS, SOUNDS, VocalProbabilities
from ..core.version import __version__
from ..features import Vector
from ..model.classifier import Classifier, mean_prediction
from ..model.statistics import Adaptation
from ..sounds.weights import SoundDetector
from .film import Film
from .spill import Reader, SpillFile, Vectors

#: Columns of cached predictions: emotions, duration of the sound, vocal sounds and efforts.
_SOUNDS_FROM, _VOCALS = len(EMOTIONS) + 1, len(SOUNDS) + len(EFFORTS)


@dataclass(frozen=True, eq=False)
class SpanFeatures:
    """The features of a span.

    Attributes:
        span: the span of the film
        audio_ms: how much of it is before the end of the sound
        read: returns its features; None if it has too little sound
    """

    span: Span
    audio_ms: int
    read: Reader | None


@dataclass(frozen=True)
class CuePrediction:
    """The predictions for a cue.

    Attributes:
        prediction: or None if it cannot be classified
        audio_ms: how much of it is before the end of the sound
        voice_prediction: that of the voice alone, if more than that decides
        text_prediction: that of the words alone, if there is a text model
        vocal: probabilities of vocal sounds, shouting and whispering, if a model detects them
    """

    prediction: Prediction | None
    audio_ms: int
    voice_prediction: Prediction | None = None
    text_prediction: Prediction | None = None
    vocal: VocalProbabilities | None = None


@dataclass(frozen=True)
class CachedPredictions:
    """The cache entry of a film's predictions, for other policies and formats.

    Attributes:
        cache: the cache
        key: the hash of everything that they depend on
        has_sounds: whether they include vocal sounds
    """

    cache: Cache
    key: str
    has_sounds: bool = False

    @classmethod
    def of(
        cls,
        cache: Cache,
        film: Film,
        classifier: Classifier,
        adaptation: Adaptation,
        stretches: Sequence[Span],
        sounds: SoundDetector | None = None,
    ) -> CachedPredictions:
        """The cache entry of a film for one segmentation and analysis.

        Args:
            cache: the cache
            film: the film
            classifier: the classifier
            adaptation: how features are standardised
            stretches: the spans of the film
            sounds: the detector of vocal sounds, or None
        """
        key = Cache.key(
            file_digest(film.path).encode(),
            "answers",
            __version__,
            classifier.bundle.digest,
            adaptation.value,
            film.heard,
            [(span.start_ms, span.end_ms, span.cue) for span in stretches],
            *(() if sounds is None else (sounds.digest,)),
        )
        return cls(cache, key, has_sounds=sounds is not None)

    def get(
        self, cues: int, *, on_note: Callable[[str], None] = lambda _: None
    ) -> list[CuePrediction] | None:
        """The cached predictions, or None.

        Args:
            cues: the number of cues
            on_note: called with a message if the entry is damaged
        """
        columns = _SOUNDS_FROM + (_VOCALS if self.has_sounds else 0)
        array = self.cache.get(
            self.key, shape=(cues, columns), fits=_can_be_predictions, on_note=on_note
        )
        return None if array is None else [_of_row(row) for row in array]

    def put(self, predictions: Sequence[CuePrediction]) -> Iterator[str]:
        """Caches the predictions; a failure is only reported.

        Yields:
            a message if they could not be cached
        """
        array = _as_array(predictions, has_sounds=self.has_sounds)
        return self.cache.try_put(self.key, array, name="the analysis")


def extract_features(
    segments: Iterable[Segment], classifier: Classifier, spill: SpillFile, *, threads: int = 1
) -> Iterator[SpanFeatures]:
    """Extracts the features of each segment, in order, and releases its sound.

    Args:
        segments: the segments of the film's sound
        classifier: the classifier, which defines the features
        spill: where features are stored
        threads: number of segments processed in parallel
    """
    rate = classifier.features.sample_rate
    #: None for a segment after the end of the sound.
    waiting: deque[tuple[Segment, Future[Vector | None] | None]] = deque()

    def first() -> SpanFeatures:
        segment, extracted = waiting.popleft()
        vector = None if extracted is None else extracted.result()
        read = None if vector is None else spill.put(vector)
        return SpanFeatures(segment.span, segment.samples.size * 1000 // rate, read)

    with ThreadPoolExecutor(threads) as pool:
        try:
            for segment in segments:
                sound = segment.samples
                waiting.append(
                    (segment, pool.submit(classifier.extract, sound) if sound.size else None)
                )
                if len(waiting) > 2 * threads:
                    yield first()
            while waiting:
                yield first()
        finally:
            pool.shutdown(cancel_futures=True)


def predict_cues(
    spans: Sequence[SpanFeatures], cues: int, classifier: Classifier, adaptation: Adaptation | None
) -> list[CuePrediction]:
    """Predicts each cue, after standardising all features together.

    Args:
        spans: the features of the cues' windows
        cues: the number of cues
        classifier: the model
        adaptation: see `subemo.annotate`
    """
    statistics = classifier.statistics(vectors_of(spans), adaptation=adaptation)
    of_cue: defaultdict[int, list[SpanFeatures]] = defaultdict(list)
    for one in spans:
        of_cue[one.span.cue].append(one)
    return [
        CuePrediction(
            mean_of_windows(of_cue[cue], lambda vector: classifier.classify(vector, statistics)),
            sum(one.audio_ms for one in of_cue[cue]),
        )
        for cue in range(cues)
    ]


def vectors_of(spans: Iterable[SpanFeatures]) -> Vectors:
    """The features of all spans with enough sound."""
    return Vectors([one.read for one in spans if one.read is not None])


def mean_of_windows(
    spans: Sequence[SpanFeatures], classify_vector: Callable[[Vector], Prediction]
) -> Prediction | None:
    """The mean prediction of a cue's windows, weighted by their duration of sound.

    Args:
        spans: the windows
        classify_vector: classifies the features of a window
    """
    return mean_prediction(
        [(classify_vector(one.read()), one.audio_ms) for one in spans if one.read is not None]
    )


def _can_be_predictions(rows: npt.NDArray[Any]) -> bool:
    """Whether each row has probabilities, or only NaN, and a duration."""
    probabilities, audio_ms = rows[:, : len(EMOTIONS)], rows[:, len(EMOTIONS)]
    if not (np.isfinite(audio_ms).all() and (audio_ms >= 0).all()):
        return False
    vocals = rows[:, _SOUNDS_FROM:]
    if not (np.isnan(vocals) | ((vocals >= 0) & (vocals <= 1))).all():
        return False
    known = probabilities[~np.isnan(probabilities).all(axis=1)]
    return are_probabilities(known)


def _as_array(predictions: Sequence[CuePrediction], *, has_sounds: bool) -> npt.NDArray[np.float64]:
    """Shape (cues, 9): the probabilities, NaN if there is no prediction, and milliseconds.

    With vocal sounds, shouting and whispering the shape is (cues, 18).
    """
    unknown = float("nan")
    rows = []
    for predicted in predictions:
        mood = (
            predicted.prediction.probabilities
            if predicted.prediction
            else (unknown,) * len(EMOTIONS)
        )
        row = [*mood, predicted.audio_ms]
        if has_sounds:
            vocal = predicted.vocal
            row += (unknown,) * _VOCALS if vocal is None else (*vocal.sounds, *vocal.efforts)
        rows.append(row)
    columns = _SOUNDS_FROM + (_VOCALS if has_sounds else 0)
    return np.array(rows, dtype=np.float64).reshape(-1, columns)


def _of_row(row: npt.NDArray[np.float64]) -> CuePrediction:
    """The inverse of `_as_array` for one row."""
    mood, vocals = row[: len(EMOTIONS)], row[_SOUNDS_FROM:].tolist()
    vocal = None
    if vocals and not np.isnan(vocals).any():
        vocal = VocalProbabilities(tuple(vocals[: len(SOUNDS)]), tuple(vocals[len(SOUNDS) :]))
    prediction = None if np.isnan(mood[0]) else Prediction.of(mood)
    return CuePrediction(prediction, int(row[len(EMOTIONS)]), vocal=vocal)
