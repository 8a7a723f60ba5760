"""Figures on films: metrics with intervals, by film, corpus, language and kind of cue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from ...core.tables import csv_table
from ..evaluation.figures import bootstrap
from .answers import NO_TAG, FilmAnswers, Index, Mask
from .dialogues import Agreement
from .metrics import (
    METRICS,
    Metric,
    caused_by_words,
    not_predicted_by_words,
    predicted_by_words,
    run_counts,
    validate,
)

#: The number of bootstrap draws.
DRAWS = 1000


class GroupBy(StrEnum):
    """How cues are grouped."""

    ALL = "all"
    #: The unweighted mean over corpora.
    MEAN = "mean"
    CORPUS = "corpus"
    LANGUAGE = "language"
    FILM = "film"
    KIND = "kind"


@dataclass(frozen=True)
class FilmFigure:
    """A metric of a group of cues.

    Attributes:
        metric: a name in `METRICS`
        value: 0 to 1, or per 100 cues; NaN if undefined for the cues
        low: lower end of the 95 % interval, by a bootstrap over whole dialogues
        high: upper end
    """

    metric: str
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "–"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True)
class Group:
    """The figures of a group of cues.

    Attributes:
        by: the kind of group
        name: the name of the film, corpus, …
        counts: ``cues``, ``emotional``, ``dialogues``, ``shown``, ``right``, those of
            `subemo.research.films.metrics.run_counts`,
            ``predicted by words`` and ``not predicted by words`` with how many of each are
            right, and ``caused by words`` (wrong ones)
        figures: by the metric's name
    """

    by: GroupBy
    name: str
    counts: Mapping[str, int]
    figures: Mapping[str, FilmFigure]


def evaluate(answers: FilmAnswers, *, draws: int = DRAWS) -> list[Group]:
    """Evaluates all cues, the mean of the corpora, and each corpus, language, film and kind.

    Args:
        answers: predictions for films
        draws: bootstrap draws; 0 for no intervals

    Raises:
        ValueError: if the arrays are invalid
    """
    validate(answers)
    groups = [
        _group(answers, by, name, np.flatnonzero(mask), draws) for by, name, mask in _masks(answers)
    ]
    every = np.arange(len(answers))
    means = {name: _mean_of_corpora(metric) for name, metric in METRICS.items()}
    mean = _group(answers, GroupBy.MEAN, "of the corpora", every, draws, means)
    return [groups[0], mean, *groups[1:]]


def _mean_of_corpora(metric: Metric) -> Metric:
    """The unweighted mean of a metric over the corpora that define it."""

    def mean(answers: FilmAnswers, rows: Index) -> float:
        corpora = answers.texts["corpus"][rows]
        values = [metric(answers, rows[corpora == name]) for name in np.unique(corpora)]
        there = [value for value in values if not np.isnan(value)]
        return float(np.mean(there)) if there else float("nan")

    return mean


def figures_table(groups: list[Group]) -> str:
    """All figures as CSV, one row per group and metric."""
    rows: list[list[object]] = [["by", "name", "cues", "metric", "value", "low", "high"]]
    rows += [
        [group.by.value, group.name, group.counts["cues"], figure.metric, *_rounded(figure)]
        for group in groups
        for figure in group.figures.values()
    ]
    return csv_table(rows)


def text_table(groups: list[Group]) -> str:
    """The figures as text: one block per group, one line per metric."""
    blocks = []
    for group in groups:
        counts = ", ".join(f"{count:,} {name}" for name, count in group.counts.items())
        lines = [f"{group.by.value} {group.name}: {counts}".replace("all all", "all")]
        lines += [f"  {figure.metric:<46} {figure}" for figure in group.figures.values()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _masks(answers: FilmAnswers) -> Iterator[tuple[GroupBy, str, Mask]]:
    yield GroupBy.ALL, "all", np.ones(len(answers), dtype=bool)
    for by in (GroupBy.CORPUS, GroupBy.LANGUAGE, GroupBy.FILM):
        values = answers.texts[by.value]
        for name in dict.fromkeys(values.tolist()):
            yield by, name, values == name
    for kind in Agreement:
        mask = answers.kind == kind.value
        if mask.any():
            yield GroupBy.KIND, kind.value, mask


def _group(
    answers: FilmAnswers,
    by: GroupBy,
    name: str,
    rows: Index,
    draws: int,
    metrics: Mapping[str, Metric] = MappingProxyType(METRICS),
) -> Group:
    # A dialogue in films of two corpora counts once, since its words are the same.
    dialogues = answers.dialogues[rows]
    figures = {}
    for metric, measure in metrics.items():
        value = measure(answers, rows)
        low = high = float("nan")
        if draws and not np.isnan(value):
            low, high = bootstrap(
                lambda drawn, measure=measure: measure(answers, rows[drawn]),  # type: ignore[misc]
                dialogues,
                draws=draws,
            )
        figures[metric] = FilmFigure(metric, value, low, high)
    return Group(by, name, _counts(answers, rows), figures)


def _counts(answers: FilmAnswers, rows: Index) -> dict[str, int]:
    right = answers.shown == answers.truth
    predicted, surprising = predicted_by_words(answers), not_predicted_by_words(answers)
    return {
        "cues": rows.size,
        "emotional": int(answers.is_emotional[rows].sum()),
        "dialogues": len(set(answers.dialogues[rows].tolist())),
        "shown": int((answers.shown[rows] != NO_TAG).sum()),
        "right": int(right[rows].sum()),
        **run_counts(answers, rows),
        "predicted by words": int(predicted[rows].sum()),
        "right ones of these": int((predicted & right)[rows].sum()),
        "not predicted by words": int(surprising[rows].sum()),
        "right ones of those": int((surprising & right)[rows].sum()),
        "caused by words": int(caused_by_words(answers)[rows].sum()),
    }


def _rounded(figure: FilmFigure) -> list[object]:
    values = (figure.value, figure.low, figure.high)
    return ["" if np.isnan(value) else round(value, 4) for value in values]
