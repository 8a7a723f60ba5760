"""The results of an evaluation of one model, or of two compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ...core.version import __version__
from . import metrics
from .clip_answers import ClipAnswers
from .figures import Figure
from .metrics import Scored

#: Metrics and their required minimum values.
Thresholds = Sequence[tuple[str, float]]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The results of an evaluation.

    Attributes:
        name: name of the set
        model: the model's name
        protocol: name of the protocol
        answers: predictions of the model
        scored: labels and predictions over the classes of the set
        figures: figures over those classes
        all_figures: figures over all eight classes
    """

    name: str
    model: str
    protocol: str
    answers: ClipAnswers
    scored: Scored
    figures: Mapping[str, Figure]
    all_figures: Mapping[str, Figure]

    @classmethod
    def of(
        cls, name: str, model: str, answers: ClipAnswers, *, all_classes: bool = False
    ) -> Evaluation:
        """Evaluates *answers*.

        Raises:
            CorpusError: if no clip could be classified
        """
        protocol = f"{name}, adaptation {answers.adaptation}"
        versions = max(answers.versions) + 1
        if versions > 1:
            protocol += f", {versions} versions of each clip"
        every = answers.score(all_classes=True)
        scored = every if all_classes else answers.score()
        all_figures = metrics.evaluate(every, protocol=f"{protocol}, all classes")
        if all_classes:
            protocol += ", all classes"
        figures = all_figures
        if not all_classes:
            figures = metrics.evaluate(scored, protocol=protocol)
        return cls(name, model, protocol, answers, scored, figures, all_figures)

    @property
    def interval(self) -> str:
        """The method of the figures' intervals."""
        return next(iter(self.figures.values())).interval

    @property
    def clips(self) -> int:
        """The number of clips, each counted once whatever its versions."""
        return len(set(self.answers.clips))

    @property
    def of_missing(self) -> str:
        """What becomes of the emotions without clips."""
        answers = "" if self.figures is self.all_figures else "not counted as answers and "
        return f"{answers}left out of averages"

    def results(self) -> dict[str, Any]:
        """The content of ``results.json``."""
        versions = max(self.answers.versions) + 1
        return {
            **{name: _interval(figure) for name, figure in self.figures.items()},
            "all_classes": {name: _interval(figure) for name, figure in self.all_figures.items()},
            "protocol": self.protocol,
            "interval": self.interval,
            "set": self.name,
            "model": self.model,
            "adaptation": self.answers.adaptation,
            "clips": self.clips,
            "rows": len(self.answers.clips),
            "versions": versions,
            "classes": [emotion.value for emotion in self.scored.emotions],
            "classes_without_clips": [emotion.value for emotion in self.scored.missing],
            "confusion": metrics.confusion(self.scored).tolist(),
            "recall": {
                emotion.value: _interval(figure)
                for emotion, figure in metrics.recalls(self.scored, protocol=self.protocol).items()
            },
            "by_class": metrics.classification_report(self.scored),
            "most_confident": metrics.coverage(self.scored),
            "broken": [
                {"clip": str(clip.path), "problem": problem}
                for clip, problem in self.answers.broken
            ],
            "subemo": __version__,
        }

    def shortfalls(self, thresholds: Thresholds = (), *, skip_broken: bool = False) -> list[str]:
        """The reasons why the evaluation fails, one line each; empty if it passes."""
        found = []
        broken = len(self.answers.broken)
        if broken and not skip_broken:
            total = broken + self.clips
            found.append(
                f"{broken} of {total} clips could not be classified (ignore them with `skip_broken=True`)"
            )
        for metric, least in thresholds:
            figure = self.figures.get(metric)
            if figure is None or figure.value < least:
                shown = "not defined here" if figure is None else figure.percent
                found.append(f"{self.model}: {metric} is {shown}, below {least:g}")
        return found


@dataclass(frozen=True)
class Comparison:
    """Two models on the same clips.

    Attributes:
        first: a model's name
        second: the other's
        only_first_right: number of clips that only the first gets right
        only_second_right: number of clips that only the second gets right
        p: p-value of McNemar's exact test
    """

    first: str
    second: str
    only_first_right: int
    only_second_right: int
    p: float

    @classmethod
    def of(cls, first: Evaluation, second: Evaluation) -> Comparison:
        """Compares two evaluations of the same clips."""
        return cls(first.model, second.model, *metrics.mcnemar(first.scored, second.scored))

    def __str__(self) -> str:
        return (
            f"only {self.first} right: {self.only_first_right} clips; "
            f"only {self.second}: {self.only_second_right}; McNemar's test, p = {self.p:.3g}"
        )

    def results(self) -> dict[str, Any]:
        """The content of ``results.json``."""
        return asdict(self)


def disambiguated(evaluations: Sequence[Evaluation], given: Sequence[str]) -> list[Evaluation]:
    """The evaluations, with models renamed as given by the user if two share a name.

    Two trainings of one recipe share a name.
    """
    if len({evaluation.model for evaluation in evaluations}) == len(evaluations):
        return list(evaluations)
    return [replace(one, model=name) for one, name in zip(evaluations, given, strict=True)]


def folder_of(number: int, evaluation: Evaluation) -> str:
    """The folder of one of several evaluations, by its number from 1 and its model."""
    return f"{number}-{Path(evaluation.model).name}"


def _interval(figure: Figure) -> dict[str, float]:
    return {"value": figure.value, "low": figure.low, "high": figure.high}
