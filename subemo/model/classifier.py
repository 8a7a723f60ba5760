"""Classifies sound in three stages: features, statistics of the film, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np

from ..core.emotions import Prediction
from ..core.errors import BundleError
from ..features import FeatureSet, Vector
from ..features.windows import extract, extract_windows
from ..media.audio import Samples, resample
from .bundle import Bundle, find_bundle, read_bundle
from .network import LiteRT, rows_of, soften
from .statistics import ManyVectors, Statistics, adapted_statistics, check_adaptation

#: The floor of probabilities in logarithms.
_LEAST = 1e-30


class Classifier:
    """A trained model, ready to classify.

    The three stages can be run separately, as for a film: `extract` for
    each segment of sound, `statistics` once over all of them, `classify` for
    each. `predict` runs all three.

    Args:
        bundle: a model that was read and checked

    Raises:
        BundleError: if its network fails or does not match its features

    Example:
        >>> classifier = Classifier.from_bundle("report-crnn")
        >>> noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
        >>> prediction = classifier.predict(noise, 48_000)
        >>> len(prediction.probabilities)
        8
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._network = LiteRT(bundle.weights)
        self._network.check_fit(bundle.features)

    @classmethod
    def from_bundle(cls, model: str | Path) -> Classifier:
        """Loads the classifier of a bundled model, by name, or of a folder.

        Raises:
            BundleError: if it is missing, was altered, or its parts do not
                match
        """
        folder = find_bundle(model)
        try:
            return cls(read_bundle(folder))
        except BundleError as error:
            raise BundleError(
                error.problem, path=error.path or folder, remedy=error.remedy
            ) from error

    @property
    def features(self) -> FeatureSet:
        """The feature set that the model was trained on."""
        return self.bundle.features

    def extract(self, samples: Samples) -> Vector | None:
        """Extracts the features of a segment after trimming its silent ends.

        Args:
            samples: mono, at the features' sample rate, at most `MAX_WINDOW_MS` long

        Returns:
            shape (size,), or None if less than `MIN_SOUND_MS` of sound is left
        """
        return extract(samples, self.features)

    def statistics(self, vectors: ManyVectors, *, adaptation: str | None = None) -> Statistics:
        """The statistics for standardising a film's features.

        Args:
            vectors: the features of every segment of one film
            adaptation: one of `ADAPTATIONS`; None for the bundle's default

        Raises:
            SettingsError: if the adaptation is unknown
            BundleError: if the model's own numbers are too large
        """
        check_adaptation(adaptation)
        training = Statistics(self.bundle.mean, self.bundle.scale)
        with np.errstate(all="ignore"):  # overflow becomes infinite and is refused
            found = adapted_statistics(
                vectors, training, adaptation=adaptation or self.bundle.adaptation
            )
        if not np.isfinite([found.mean, found.scale]).all():
            raise _out_of_range()
        return found

    def classify(self, vector: Vector, statistics: Statistics) -> Prediction:
        """Classifies one segment.

        Args:
            vector: its features, shape (size,), or (frames, size), which may take
                several runs of the network
            statistics: the statistics of its film

        Raises:
            BundleError: if the network fails
        """
        with np.errstate(all="ignore"):  # overflow becomes infinite and is refused
            standardised = statistics.standardise(vector)
        if not np.isfinite(standardised).all():
            raise _out_of_range()
        if standardised.ndim == 1:
            return Prediction.of(self._network.probabilities(standardised))
        rows = rows_of(standardised, self._network.steps)
        answers = np.stack([self._network.probabilities(row) for row, _ in rows])
        logits = np.log(np.maximum(answers, _LEAST))
        mean = np.average(logits, axis=0, weights=[length for _, length in rows])
        return Prediction.of(soften(mean, self.bundle.temperature))

    @overload
    def predict(self, samples: Samples, sample_rate: int) -> Prediction | None: ...

    @overload
    def predict(self, samples: Sequence[Samples], sample_rate: int) -> list[Prediction | None]: ...

    def predict(
        self, samples: Samples | Sequence[Samples], sample_rate: int
    ) -> Prediction | list[Prediction | None] | None:
        """Classifies a clip, or each clip of one film.

        Args:
            samples: mono sound in -1 to 1, shape (samples,), or a list of such
            sample_rate: in hertz

        Returns:
            a prediction, or None if there is less than `MIN_SOUND_MS` of
            sound; a list of them for a list
        """
        if isinstance(samples, np.ndarray):
            return self.predict([samples], sample_rate)[0]
        rate = self.features.sample_rate
        clips = [resample(np.asarray(c, dtype=np.float32), sample_rate, rate) for c in samples]
        extracted = [extract_windows(clip, self.features) for clip in clips]
        statistics = self.statistics([vector for clip in extracted for vector, _ in clip])
        return [
            mean_prediction(
                [(self.classify(vector, statistics), weight) for vector, weight in clip]
            )
            for clip in extracted
        ]


def _out_of_range() -> BundleError:
    return BundleError(
        "standardising with the mean and scale of this model overflows",
        remedy="Use another model.",
    )


def mean_prediction(weighted: Sequence[tuple[Prediction, float]]) -> Prediction | None:
    """The weighted mean of the predictions of several windows, or None for no windows.

    Args:
        weighted: each window's prediction and its length
    """
    if not weighted:
        return None
    if len(weighted) == 1:
        return weighted[0][0]
    mean = np.average(
        [prediction.probabilities for prediction, _ in weighted],
        axis=0,
        weights=[weight for _, weight in weighted],
    )
    return Prediction.of(mean)
