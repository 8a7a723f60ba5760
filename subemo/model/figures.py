"""Figures that say what they are: protocol, number of clips, 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import MissingExtraError

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        metric: ``accuracy`` or ``uar`` (unweighted average recall)
        value: 0 to 1
        low: lower end of the 95 % interval
        high: upper end
        clips: how many clips were judged; versions of a clip count as clips
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

    def __str__(self) -> str:
        name = {"accuracy": "accuracy", "uar": "UAR"}[self.metric]
        return (
            f"{name} {100 * self.value:.1f} % "
            f"[{100 * self.low:.1f}, {100 * self.high:.1f}], "
            f"{self.clips:,} clips, {self.protocol}"
        )


def accuracy(labels: Index, predicted: Index, *, protocol: str) -> Figure:
    """Share of right answers, with Wilson's interval (1927) over the clips."""
    from scipy.stats import binomtest

    right = int((labels == predicted).sum())
    low, high = binomtest(right, labels.size).proportion_ci(0.95, method="wilson")
    return Figure(
        "accuracy",
        right / labels.size,
        float(low),
        float(high),
        labels.size,
        protocol,
        "Wilson, by clip",
    )


def by_speaker(
    metric: str,
    labels: Index,
    predicted: Index,
    speakers: npt.NDArray[np.str_],
    *,
    protocol: str,
    draws: int = 2000,
    seed: int = 0,
) -> Figure:
    """Accuracy or UAR with a bootstrap interval that draws whole speakers.

    Clips of one speaker are not independent; drawing clips would make the
    interval too narrow.

    Args:
        metric: ``accuracy`` or ``uar``
        labels: true classes, shape (clips,)
        predicted: answers, shape (clips,)
        speakers: who speaks, shape (clips,)
        protocol: what the figure is called
        draws: of the bootstrap
        seed: of the draws
    """
    try:
        from sklearn.metrics import accuracy_score, recall_score
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "evaluate") from error

    def measure(rows: Index) -> float:
        if metric == "accuracy":
            return float(accuracy_score(labels[rows], predicted[rows]))
        present = np.unique(labels[rows])
        return float(recall_score(labels[rows], predicted[rows], labels=present, average="macro"))

    rows_of = [np.flatnonzero(speakers == speaker) for speaker in np.unique(speakers)]
    generator = np.random.default_rng(seed)
    values = [
        measure(np.concatenate([rows_of[i] for i in drawn]))
        for drawn in generator.integers(len(rows_of), size=(draws, len(rows_of)))
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return Figure(
        metric,
        measure(np.arange(labels.size)),
        float(low),
        float(high),
        labels.size,
        protocol,
        "bootstrap, by speaker",
    )
