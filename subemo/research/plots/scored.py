"""Pictures of scored answers, in a light or a dark theme: confusion, reliability, risk and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ...render.canvas import LIGHT, Theme, new_figure
from ...tagging.colours import contrast
from ..evaluation.metrics import BINS, Scored, confusion
from ..evaluation.rates import bins_of, surest, wilson

_TEXT_PT, _SMALL_PT = 10.0, 9.0
#: One of the two has the contrast of text on any ground.
_LETTERS = ("#000000", "#FFFFFF")
#: Of a curve, at most.
_POINTS = 200


def confusion_matrix(scored: Scored, theme: Theme = LIGHT) -> Any:
    """Clips of each label (row) by answer (column): shares of the row, and how many clips it has."""
    from matplotlib.colors import to_hex

    counts = confusion(scored)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    names = [emotion.value for emotion in scored.emotions]
    side = 0.62 * len(names)
    figure, axes = themed(theme, width=side + 2.2, height=side + 1.2)
    shades = _shades(theme)
    axes.imshow(shares, cmap=shades, vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        if counts[row, column]:
            ground = to_hex(shades(shares[row, column])).upper()
            axes.text(
                column, row, f"{100 * shares[row, column]:.0f}", ha="center", va="center",
                size=_TEXT_PT, color=max(_LETTERS, key=partial(contrast, ground)),
                weight="bold" if row == column else "normal",
            )  # fmt: skip
    axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    totals = [f"{name}  {total:,}" for name, total in zip(names, counts.sum(axis=1), strict=True)]
    axes.set_yticks(range(len(names)), totals)
    axes.set(xlabel="answer, % of the label's clips", ylabel="label, clips")
    axes.tick_params(length=0)
    axes.grid(visible=False)
    return figure


def reliability(scored: Scored, theme: Theme = LIGHT) -> Any:
    """How often answers of a given confidence are right, with Wilson's intervals, and how many there are."""
    confidence, right = scored.confidence, scored.right
    bins = bins_of(confidence, BINS)
    counts = np.bincount(bins, minlength=BINS)
    filled = np.flatnonzero(counts)
    hits = np.bincount(bins, weights=right, minlength=BINS)[filled].astype(int)
    sure = np.bincount(bins, weights=confidence, minlength=BINS)[filled] / counts[filled]
    bounds = [wilson(hit, counts[place]) for hit, place in zip(hits, filled, strict=True)]

    figure = new_figure(width=5.2, height=5.2)
    upper, lower = figure.subplots(2, sharex=True, height_ratios=(4, 1))
    dressed(figure, (upper, lower), theme)
    upper.plot([0, 100], [0, 100], color=theme.edge, linewidth=1, linestyle=(0, (4, 3)))
    upper.text(
        97, 88, "as sure as it is right", color=theme.soft, size=_SMALL_PT, ha="right", va="top",
        rotation=45, rotation_mode="anchor", transform_rotates_text=True,
    )  # fmt: skip
    for x, (low, high) in zip(100 * sure, bounds, strict=True):
        upper.plot((x, x), (100 * low, 100 * high), color=theme.accent, alpha=0.45, linewidth=3)
    upper.plot(100 * sure, 100 * hits / counts[filled], "o-", color=theme.accent, markersize=5)
    upper.set(ylabel="right (%)", ylim=(0, 100), xlim=(0, 100))
    lower.bar(100 * (np.arange(BINS) + 0.5) / BINS, counts, width=90 / BINS, color=theme.edge)
    lower.set(xlabel="confidence (%)", ylabel="clips")
    return figure


def risk_coverage(scored: Scored, theme: Theme = LIGHT) -> Any:
    """Accuracy among the most confident clips, with Wilson's intervals, against how many those are."""
    right = scored.right[surest(scored.confidence)]
    counts = np.unique(np.linspace(1, right.size, min(_POINTS, right.size)).round().astype(int))
    hits = np.cumsum(right)[counts - 1]
    bounds = np.array([wilson(hit, count) for hit, count in zip(hits, counts, strict=True)])
    coverage = 100 * counts / right.size
    figure, axes = themed(theme, width=5.6, height=4.2)
    axes.fill_between(coverage, *(100 * bounds.T), color=theme.accent, alpha=0.18, linewidth=0)
    axes.plot(coverage, 100 * hits / counts, color=theme.accent, linewidth=2)
    chance = 100 / len(scored.emotions)
    axes.axhline(chance, color=theme.edge, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(99, chance + 1, "chance", color=theme.soft, size=_SMALL_PT, ha="right", va="bottom")
    axes.set(
        xlabel="most confident clips (%)",
        ylabel="right among them (%)",
        xlim=(0, 100),
        ylim=(0, 100),
    )
    return figure


def intervals(
    names: Sequence[str],
    shares: Sequence[tuple[float, float, float]],
    theme: Theme = LIGHT,
    *,
    label: str,
    most: float = 100,
) -> Any:
    """Rows of a value and its interval.

    Args:
        names: of the rows, from the top
        shares: value, low and high of each, 0 to 1; NaN where there is none
        theme: the colours
        label: what the values are
        most: where the axis ends, in percent
    """
    figure, axes = themed(theme, width=5.6, height=0.9 + 0.28 * len(names))
    for row, (value, low, high) in enumerate(shares):
        axes.plot((100 * low, 100 * high), (row, row), color=theme.accent, alpha=0.45, linewidth=3)
        axes.plot([100 * value], [row], "o", color=theme.accent, markersize=6, clip_on=False)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel=label, xlim=(0, most), ylim=(len(names) - 0.5, -0.5))
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    return figure


def themed(theme: Theme, *, width: float, height: float) -> tuple[Any, Any]:
    """A figure of so many inches and its axes, in a theme's colours."""
    figure = new_figure(width=width, height=height)
    axes = figure.subplots()
    dressed(figure, (axes,), theme)
    return figure, axes


def dressed(figure: Any, all_axes: Sequence[Any], theme: Theme) -> None:
    """Gives a figure and its axes a theme's colours, a quiet grid, and no frame."""
    figure.set_facecolor(theme.panel)
    for axes in all_axes:
        axes.set_facecolor(theme.panel)
        axes.grid(color=theme.line, linewidth=0.7)
        axes.set_axisbelow(True)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(colors=theme.soft, labelsize=_SMALL_PT, color=theme.line)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set(color=theme.ink, size=_TEXT_PT)


def _shades(theme: Theme) -> Any:
    """From the panel to the ink through the accent, evenly lighter or darker, so that grey tells as much."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("shares", [theme.panel, theme.accent, theme.ink])
