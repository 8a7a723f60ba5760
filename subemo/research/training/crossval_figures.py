"""Figures of a cross-validation by protocol, with intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...model.calibration import soften
from ..corpora import Clip
from ..evaluation import metrics
from ..evaluation.figures import Figure, bootstrap
from ..evaluation.scoring import Scored, score
from .calibration import HeldOutLogits, temperature_of
from .crossval import ADAPTED, FoldAnswers
from .protocols import PROTOCOLS

Array = npt.NDArray[np.float64]

#: The corpora tested without any of their clips in training.
HELD_OUT = tuple(n for n, one in PROTOCOLS.items() if one.reported and one.folds is None)

#: The target precision of shown tags on an unseen corpus.
PRECISION = 0.75

#: The share of the most confident clips.
QUARTER = 0.25


@dataclass(frozen=True, eq=False)
class ProtocolAnswers:
    """The predictions of all folds of a protocol, concatenated.

    Attributes:
        protocol: a name in `PROTOCOLS`
        clips: the tested clips
        logits: shape (clips, 8), by condition and adaptation, ``clean.film``
    """

    protocol: str
    clips: tuple[Clip, ...]
    logits: Mapping[str, Array]

    @property
    def conditions(self) -> list[str]:
        """``clean``, and the tested levels over backgrounds."""
        return list(dict.fromkeys(name.rpartition(".")[0] for name in self.logits))

    def held_out(self, adaptation: str) -> HeldOutLogits:
        """The predictions for the original clips."""
        return HeldOutLogits(
            [clip.emotion for clip in self.clips], self.logits[f"clean.{adaptation}"]
        )

    def score(self, condition: str, adaptation: str, temperature: float = 1.0) -> Scored:
        """The predictions over the corpus's classes."""
        return score(
            [clip.emotion for clip in self.clips],
            soften(self.logits[f"{condition}.{adaptation}"], temperature),
            groups=[clip.speaker or clip.key for clip in self.clips],
            grouped_by="speaker",
        )


def by_protocol(
    answers: Iterable[FoldAnswers], clips: Sequence[Clip]
) -> dict[str, ProtocolAnswers]:
    """Combines the folds' predictions.

    Args:
        answers: predictions of complete protocols
        clips: the clips of all corpora
    """
    known = {clip.key: clip for clip in clips}
    folds: defaultdict[str, list[FoldAnswers]] = defaultdict(list)
    for one in answers:
        folds[one.fold.rpartition("-")[0]].append(one)
    return {
        protocol: ProtocolAnswers(
            protocol,
            tuple(known[key] for one in parts for key in one.clips),
            {n: np.concatenate([one.logits[n] for one in parts]) for n in parts[0].logits},
        )
        for protocol, parts in folds.items()
    }


def temperature_for(
    protocol: str | None, answers: Mapping[str, ProtocolAnswers], adaptation: str
) -> float:
    """The temperature for evaluating a protocol, fitted on the other unseen corpora.

    A film is more like an unseen corpus than like unseen speakers of a training
    corpus, on which the model may be more confident.

    Args:
        protocol: the protocol; None for the model itself, with all unseen corpora
        answers: predictions by protocol
        adaptation: one of `ADAPTED`
    """
    others = {name: one for name, one in answers.items() if name != protocol} or answers
    unseen = {n: one for n, one in others.items() if PROTOCOLS[n].folds is None} or others
    return temperature_of([one.held_out(adaptation) for one in unseen.values()])


def threshold_of(
    answers: Mapping[str, ProtocolAnswers],
    temperature: float,
    *,
    protocols: Sequence[str] = HELD_OUT,
) -> float:
    """The confidence at which three of four predictions for unseen corpora are right.

    It is fitted like the temperature, with equal weight for each corpus; a caption
    that is wrong more often is worse than none.

    Args:
        answers: predictions by protocol
        temperature: temperature of the model
        protocols: the protocols to fit on
    """
    steps = np.arange(0.30, 0.951, 0.01)
    right = []
    for name in protocols:
        scored = answers[name].score("clean", "film", temperature)
        sure = scored.confidence[None] >= steps[:, None]
        hits = (sure & scored.right).sum(axis=1)
        right.append(hits / np.maximum(sure.sum(axis=1), 1))
    enough = np.flatnonzero(np.mean(right, axis=0) >= PRECISION)
    return round(float(steps[enough[0]]) if enough.size else float(steps[-1]), 2)


def figures(answers: Mapping[str, ProtocolAnswers]) -> list[Figure]:
    """Every figure of every protocol, with both adaptations.

    Args:
        answers: predictions by protocol
    """
    found = []
    for name, one in answers.items():
        for adaptation in ADAPTED:
            temperature = temperature_for(name, answers, adaptation)
            for condition in one.conditions:
                scored = one.score(condition, adaptation, temperature)
                where = "" if condition == "clean" else f", {condition} over unseen backgrounds"
                title = f"{PROTOCOLS[name].title}{where}, adaptation {adaptation}"
                found += _figures(scored, title, every=condition == "clean")
    return found


def _figures(scored: Scored, protocol: str, *, every: bool) -> list[Figure]:
    rows = np.arange(scored.labels.size)
    wanted = ("uar", "accuracy", "ece") if every else ("uar",)
    found = []
    for name in wanted:
        metric = metrics.METRICS[name]
        low, high = bootstrap(lambda drawn, metric=metric: metric(scored, drawn), scored.groups)  # type: ignore[misc]
        value = metric(scored, rows)
        found.append(Figure(name, value, low, high, rows.size, protocol, "bootstrap, by speaker"))
    if every:
        found.append(most_confident(scored, protocol=protocol))
    return found


def most_confident(scored: Scored, *, protocol: str) -> Figure:
    """Accuracy among the most confident quarter of the clips."""
    figure = metrics.most_confident(scored, QUARTER, protocol=protocol)
    return replace(figure, metric="accuracy of the most confident quarter")
