"""Figures that say what they are: protocol, number of clips, 95 % interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import rates

Index = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]

_TITLES = {
    "accuracy": "accuracy",
    "uar": "UAR",
    "f1": "macro F1",
    "ece": "calibration error",
    "strong_accuracy": "accuracy on angry, disgust, sad",
    "other_accuracy": "accuracy on the others",
}

#: What `by_speaker` measures.
_BY_SPEAKER: dict[str, Callable[[Index, Index], float]] = {
    "accuracy": rates.accuracy,
    "uar": rates.unweighted_average_recall,
}


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        metric: for example ``accuracy``, or ``uar`` (unweighted average recall)
        value: 0 to 1
        low: lower end of the 95 % interval
        high: upper end
        clips: how many clips were evaluated; versions of a clip count as clips
        protocol: who was on which side
        interval: how the interval was found
    """

    metric: str
    value: float
    low: float
    high: float
    clips: int
    protocol: str
    interval: str

    @property
    def title(self) -> str:
        """The metric as people write it."""
        return _TITLES.get(self.metric, self.metric)

    @property
    def percent(self) -> str:
        """Value and interval in percent, for example ``33.3 % [28.1, 38.5]``."""
        return self._with_interval(" %")

    @property
    def bare_percent(self) -> str:
        """The same without the sign, as a table has it: ``33.3 [28.1, 38.5]``."""
        return self._with_interval("")

    def _with_interval(self, unit: str) -> str:
        return f"{100 * self.value:.1f}{unit} [{100 * self.low:.1f}, {100 * self.high:.1f}]"

    def __str__(self) -> str:
        return f"{self.title} {self.percent}, {self.clips:,} clips, {self.protocol}"

    @classmethod
    def of_share(cls, metric: str, right: int, clips: int, *, protocol: str) -> Figure:
        """The share *right* of *clips*, with Wilson's interval (1927).

        Args:
            metric: what is right
            right: how many clips
            clips: of how many, at least 1
            protocol: what the figure is called
        """
        from scipy.stats import binomtest

        low, high = binomtest(right, clips).proportion_ci(0.95, method="wilson")
        interval = "Wilson, by clip"
        return cls(metric, right / clips, float(low), float(high), clips, protocol, interval)


def accuracy(labels: Index, predicted: Index, *, protocol: str) -> Figure:
    """Share of right answers, with Wilson's interval over the clips."""
    right = rates.count_right(labels, predicted)
    return Figure.of_share("accuracy", right, labels.size, protocol=protocol)


def bootstrap(
    measure: Callable[[Index], float], groups: Names, *, draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of a measure, by drawing whole groups with replacement.

    Clips of one speaker, and versions of one clip, are not independent;
    drawing them one by one would make the interval too narrow.

    Args:
        measure: the measure of some rows, given by their numbers
        groups: which rows belong together, shape (rows,)
        draws: how often
        seed: of the draws

    Returns:
        the 2.5th and the 97.5th percentile; draws without a value are left out
    """
    rows_of = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    generator = np.random.default_rng(seed)
    values = [
        measure(np.concatenate([rows_of[i] for i in drawn]))
        for drawn in generator.integers(len(rows_of), size=(draws, len(rows_of)))
    ]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def by_speaker(
    metric: str, labels: Index, predicted: Index, speakers: Names, *, protocol: str
) -> Figure:
    """Accuracy or UAR with a bootstrap interval that draws whole speakers.

    Args:
        metric: ``accuracy`` or ``uar``
        labels: true classes, shape (clips,)
        predicted: answers, shape (clips,)
        speakers: who speaks, shape (clips,)
        protocol: what the figure is called

    Raises:
        MissingExtraError: without scikit-learn, for ``uar``
    """
    rate = _BY_SPEAKER[metric]

    def measure(rows: Index) -> float:
        return rate(labels[rows], predicted[rows])

    low, high = bootstrap(measure, speakers)
    value = measure(np.arange(labels.size))
    return Figure(metric, value, low, high, labels.size, protocol, "bootstrap, by speaker")
