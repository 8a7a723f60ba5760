"""Figures with their protocol, number of clips and 95 % interval."""

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


@dataclass(frozen=True)
class Figure:
    """A measured figure.

    Attributes:
        metric: for example ``accuracy``, or ``uar`` (unweighted average recall)
        value: 0 to 1
        low: lower end of the 95 % interval
        high: upper end
        clips: number of evaluated clips; versions of a clip count separately
        protocol: name of the protocol
        interval: method of the interval
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
        """The metric's display name."""
        return _TITLES.get(self.metric, self.metric)

    @property
    def percent(self) -> str:
        """Value and interval in percent, for example ``33.3 % [28.1, 38.5]``."""
        return self._with_interval(" %")

    @property
    def bare_percent(self) -> str:
        """The same without the percent sign, for tables: ``33.3 [28.1, 38.5]``."""
        return self._with_interval("")

    def _with_interval(self, unit: str) -> str:
        return f"{100 * self.value:.1f}{unit} [{100 * self.low:.1f}, {100 * self.high:.1f}]"

    def __str__(self) -> str:
        return f"{self.title} {self.percent}, {self.clips:,} clips, {self.protocol}"

    @classmethod
    def of_share(cls, metric: str, right: int, clips: int, *, protocol: str) -> Figure:
        """The share *right* of *clips*, with Wilson's interval (1927).

        Args:
            metric: the metric
            right: number of correct clips
            clips: number of clips, at least 1
            protocol: name of the protocol
        """
        interval = "Wilson, by clip"
        return cls(metric, right / clips, *rates.wilson(right, clips), clips, protocol, interval)

    @classmethod
    def of_rows(
        cls,
        metric: str,
        measure: Callable[[Index], float],
        groups: Names,
        *,
        protocol: str,
        interval: str = "bootstrap, by speaker",
    ) -> Figure:
        """A measure of clips, with a bootstrap interval that resamples whole groups.

        Args:
            metric: its name
            measure: the measure as a function of row numbers
            groups: the group of each row, shape (rows,)
            protocol: name of the protocol
            interval: method of the interval, which names the groups
        """
        low, high = bootstrap(measure, groups)
        value = measure(np.arange(groups.size))
        return cls(metric, value, low, high, groups.size, protocol, interval)


def accuracy(labels: Index, predicted: Index, *, protocol: str) -> Figure:
    """Share of correct predictions, with Wilson's interval over the clips."""
    right = int((labels == predicted).sum())
    return Figure.of_share("accuracy", right, labels.size, protocol=protocol)


def bootstrap(
    measure: Callable[[Index], float], groups: Names, *, draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """The bootstrap 95 % interval of a measure, resampling whole groups.

    Clips of one speaker, and versions of one clip, are not independent;
    resampling them individually would make the interval too narrow.

    Args:
        measure: the measure as a function of row numbers
        groups: the group of each row, shape (rows,)
        draws: number of draws
        seed: random seed

    Returns:
        the 2.5th and the 97.5th percentile; draws without a value are ignored
    """
    rows_of = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    generator = np.random.default_rng(seed)
    values = [
        measure(np.concatenate([rows_of[i] for i in drawn]))
        for drawn in generator.integers(len(rows_of), size=(draws, len(rows_of)))
    ]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
