"""Plots of an evaluation: confusion matrix, reliability, risk and coverage."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import Emotion
from ...render.canvas import new_figure
from ..evaluation.metrics import BINS
from ..evaluation.rates import bins_of, surest
from ..evaluation.scoring import Scored


def confusion_matrix(
    counts: npt.NDArray[np.int64], emotions: tuple[Emotion, ...], *, title: str
) -> Any:
    """The confusion matrix: true class (row) by prediction (column), shaded by share of the row."""
    figure = new_figure(width=6.5, height=5.5)
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    image = axes.imshow(shares, cmap="Greys", vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        axes.text(
            column,
            row,
            str(counts[row, column]),
            ha="center",
            va="center",
            color="white" if shares[row, column] > 0.5 else "black",
        )
    names = [emotion.value for emotion in emotions]
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="answer", ylabel="label", title=title)
    figure.colorbar(image, label="share of the label's clips")
    return figure


def reliability(scored: Scored, *, title: str) -> Any:
    """A reliability diagram: accuracy by confidence, with a histogram."""
    confidence, right = scored.confidence, scored.right
    bins = bins_of(confidence, BINS)
    counts = np.bincount(bins, minlength=BINS)
    filled = counts > 0
    mean_right = np.bincount(bins, weights=right, minlength=BINS)[filled] / counts[filled]
    mean_sure = np.bincount(bins, weights=confidence, minlength=BINS)[filled] / counts[filled]

    figure = new_figure(width=6.0, height=6.0)
    upper, lower = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    upper.plot([0, 1], [0, 1], "--", color="grey", label="as sure as it is right")
    upper.plot(mean_sure, mean_right, "o-", color="black", label="this model")
    upper.set(ylabel="share that is right", ylim=(0, 1), title=title)
    upper.legend()
    lower.bar((np.arange(BINS) + 0.5) / BINS, counts, width=0.9 / BINS, color="grey")
    lower.set(xlabel="confidence", ylabel="clips", xlim=(0, 1))
    return figure


def risk_coverage(scored: Scored, *, title: str) -> Any:
    """Accuracy against the share of most confident clips."""
    right = scored.right[surest(scored.confidence)]
    count = np.arange(1.0, right.size + 1)
    figure = new_figure()
    axes = figure.subplots()
    axes.plot(100 * count / right.size, 100 * np.cumsum(right) / count, color="black")
    axes.axhline(100 / len(scored.emotions), color="grey", linestyle=":", label="chance")
    axes.set(
        xlabel="most confident clips (%)",
        ylabel="right among them (%)",
        xlim=(0, 100),
        ylim=(0, 100),
        title=title,
    )
    axes.legend()
    return figure
