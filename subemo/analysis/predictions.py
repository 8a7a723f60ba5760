"""The prediction of each cue by its voice, from one pass over the sound, or cached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..align import Span, cut
from ..align.segments import spans
from ..core.cache import Cache, file_digest
from ..core.emotions import EMOTIONS, Prediction, are_probabilities
from ..core.errors import BundleError
from ..core.native import one_blas_thread
from ..core.progress import OnStep
from ..core.sounds import EFFORTS, SOUNDS, SoundHeard, VocalProbabilities
from ..core.version import __version__
from ..features import Vector
from ..media.audio import Samples
from ..model.classifier import Classifier, mean_prediction
from ..model.statistics import Adaptation
from ..sounds.detection import effort_probabilities, film_baseline, sound_peaks, summary
from ..sounds.scene import SAMPLE_RATE, SceneTagger
from ..sounds.weights import SoundDetector
from ..subtitles.document import Cue
from .features import Listener, Reader, SpanFeatures, SpillFile, extract_features, vectors_of
from .film import Film
from .options import AnalysisOptions
from .sound_cues import KeptSound, SoundCueSearch, drain

#: Columns of cached predictions: emotions, duration of the sound, vocal sounds and efforts.
_SOUNDS_FROM, _VOCALS = len(EMOTIONS) + 1, len(SOUNDS) + len(EFFORTS)


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


@dataclass(frozen=True)
class Notices:
    """Warnings about a film, see `subemo.analysis.analyse.FilmAnalysis`."""

    damage: list[str]
    warnings: list[str]


def predict_film(
    film: Film,
    cues: Sequence[Cue],
    listener: Listener,
    options: AnalysisOptions,
    notices: Notices,
    *,
    tagger: SceneTagger | None,
    on_step: OnStep,
) -> tuple[list[CuePrediction], tuple[SoundHeard, ...]]:
    """The voice's prediction for each cue, and the sounds between cues, if those are asked for.

    Both are cached if possible; otherwise the film is decoded once for both.

    Args:
        film: the film
        cues: its cues
        listener: the models
        options: how the film is analysed
        notices: warnings are added to it
        tagger: the user's own model of other sounds, or None
        on_step: called with each step of progress
    """
    stretches = spans(cue.voice_ms for cue in cues)
    model, sounds, cached = listener.model, listener.sounds, None
    if options.cache is not None:
        cached = CachedPredictions.of(
            options.cache, film, model, listener.adaptation, stretches, sounds
        )
    search = _sound_cue_search(film, cues, listener, options, notices, tagger)
    predictions = None if cached is None else cached.get(len(cues), on_note=options.on_note)
    rows = None if search is None else search.kept()
    missing = None if rows is not None else search
    is_new = predictions is None
    if predictions is None or missing is not None:
        damage = notices.damage.append
        rate = model.features.sample_rate
        with (
            SpillFile() as spill,
            film.sound("extracting features", rate, on_step=on_step, on_warning=damage) as blocks,
        ):
            gaps = None if missing is None else KeptSound(missing.gaps, rate, spill)
            passing = blocks if gaps is None else gaps.passing(blocks)
            if predictions is None:
                predictions = predictions_of(
                    passing, stretches, model,
                    adaptation=listener.adaptation, threads=options.threads, sounds=sounds,
                )  # fmt: skip
            if missing is not None and gaps is not None:
                drain(passing)
                rows = missing.detect(gaps, threads=options.threads, on_step=on_step)
    if not notices.damage:  # not cached, so that damage is reported again
        if cached is not None and is_new:
            notices.warnings.extend(cached.put(predictions))
        if missing is not None and rows is not None:
            notices.warnings.extend(missing.put(rows))
    return predictions, () if search is None or rows is None else search.sounds(rows)


def _sound_cue_search(
    film: Film,
    cues: Sequence[Cue],
    listener: Listener,
    options: AnalysisOptions,
    notices: Notices,
    tagger: SceneTagger | None,
) -> SoundCueSearch | None:
    """The search for sounds where no cue is on screen, if those are asked for."""
    model = listener.model
    if not options.sound_cues:
        return None
    if listener.sounds is None:
        notices.warnings.append(
            f"{film.path}: no sounds are shown between cues, since {model.bundle.name} has no "
            "detector of sounds"
        )
        return None
    if tagger is not None and model.features.sample_rate != SAMPLE_RATE:
        raise BundleError(
            f"this model of sounds needs {SAMPLE_RATE} Hz, but {model.bundle.name} extracts "
            f"{model.features.sample_rate} Hz",
            path=tagger.path,
            remedy="Use the default `model`.",
        )
    times = tuple((cue.start_ms, cue.end_ms) for cue in cues)
    sounds, cache, note = listener.sounds, options.cache, options.on_note
    return SoundCueSearch(film, times, listener, sounds, cache, note, tagger)


def predictions_of(
    blocks: Iterable[Samples],
    stretches: Sequence[Span],
    model: Classifier,
    *,
    adaptation: Adaptation | None = None,
    threads: int | None = 1,
    sounds: SoundDetector | None = None,
) -> list[CuePrediction]:
    """Extracts features, computes statistics and predicts each cue.

    Args:
        blocks: the sound, mono, at the rate of the model's features
        stretches: the spans of cue 0, cue 1 and so on, in order
        model: the classifier
        adaptation: how features are standardised; None for the model's default
        threads: number of spans whose features are extracted in parallel; None for
            the best number for the model's features
        sounds: the detector of vocal sounds, or None
    """
    cues = 1 + max((span.cue for span in stretches), default=-1)
    with SpillFile() as spill, one_blas_thread():
        segments = cut(blocks, stretches, sample_rate=model.features.sample_rate)
        found = list(
            extract_features(segments, model, spill, threads=threads or model.features.threads)
        )
        predictions = predict_cues(found, cues, model, adaptation)
        return predictions if sounds is None else add_vocals(found, predictions, sounds)


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
