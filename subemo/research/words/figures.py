"""The figures of a text model and its baseline (peer)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from ...model.calibration import soften
from ..evaluation import rates
from ..evaluation.figures import bootstrap
from ..evaluation.metrics import BINS
from ..training.calibration import fit_temperature
from .evaluation import FOLDS, Labels, Shares, fold_of_groups, peer_shares
from .training import Dialogues

Measure = Callable[[Shares, Labels], float]

#: The share of P@30, and the classes other than neutral.
_SUREST = 0.3
_NEUTRAL = 0


@dataclass(frozen=True, eq=False)
class EvaluatedLines:
    """Predictions for held-out lines.

    Attributes:
        labels: labels of the lines
        dialogues: the dialogue of each line
        shares: the text model's calibrated posteriors
        peer: the peer's posteriors, or None
    """

    labels: Labels
    dialogues: Sequence[str]
    shares: Shares
    peer: Shares | None = None

    @classmethod
    def of(cls, held_out: Dialogues, logits: Shares, known: Dialogues | None) -> EvaluatedLines:
        """Predictions, with those of a peer trained on *known* dialogues, if given."""
        peer = None if known is None else peer_shares(_lines(known), known.labels, _lines(held_out))
        return cls(held_out.labels, held_out.names, soften(logits), peer)


def evaluate_folds(
    dialogues: Dialogues, logits: Shares, seed: int, *, with_peer: bool
) -> EvaluatedLines:
    """Evaluates the folds; each fold's temperature is fitted on the others.

    Args:
        dialogues: all lines
        logits: logits of each, by a model not trained on its episode
        seed: seed of the folds, as for the logits
        with_peer: whether to also train the peer on the same folds
    """
    folds = fold_of_groups(dialogues.groups, seed)
    lines, shares, peer = np.asarray(_lines(dialogues), object), logits.copy(), logits.copy()
    for fold in range(FOLDS):
        held_out = folds == fold
        others = temperature_of(logits[~held_out], dialogues.labels[~held_out])
        shares[held_out] = soften(logits[held_out], others)
        if with_peer:
            known = dialogues.labels[~held_out]
            peer[held_out] = peer_shares(list(lines[~held_out]), known, list(lines[held_out]))
    return EvaluatedLines(dialogues.labels, dialogues.names, shares, peer if with_peer else None)


def figures(evaluated: EvaluatedLines, seed: int) -> str:
    """A table of the model's figures and, if given, the peer's and their difference."""
    labels, peer, dialogues = evaluated.labels, evaluated.peer, np.array(evaluated.dialogues)

    def shown(statistic: Callable[[Labels], float]) -> str:
        low, high = bootstrap(statistic, dialogues, seed=seed)
        return f"{statistic(np.arange(len(labels))):.3f} [{low:.3f}, {high:.3f}]"

    rows = [f"{len(labels)} lines of {len(set(evaluated.dialogues))} dialogues"]
    for name, measure in MEASURES.items():

        def of(shares: Shares, measure: Measure = measure) -> Callable[[Labels], float]:
            return lambda lines: measure(shares[lines], labels[lines])

        row = f"{name}: {shown(of(evaluated.shares))}"
        if peer is not None:
            ours, theirs = of(evaluated.shares), of(peer)

            def more(lines: Labels, ours: Any = ours, theirs: Any = theirs) -> float:
                return float(ours(lines) - theirs(lines))

            row += f", peer {shown(theirs)}"
            row += f", difference {shown(more)}"
        rows.append(row)
    return "\n".join(rows)


def temperature_of(logits: Shares, labels: Labels) -> float:
    """The temperature of held-out logits."""
    return fit_temperature(lambda found: log_loss(soften(logits, found), labels), (-2, 2))


def log_loss(shares: Shares, labels: Labels) -> float:
    """The mean of −log P(label)."""
    return float(-np.log(shares[np.arange(len(labels)), labels].clip(1e-12)).mean())


def calibration_error(shares: Shares, labels: Labels) -> float:
    """The expected calibration error of the likeliest class."""
    return rates.calibration_error(shares.max(axis=1), shares.argmax(axis=1) == labels, bins=BINS)


def surest(shares: Shares, labels: Labels) -> float:
    """P@30: precision of the most confident emotions, 30 % of the number of emotional lines."""
    moods = np.delete(shares, _NEUTRAL, axis=1)
    count = max(1, round(_SUREST * int((labels != _NEUTRAL).sum())))
    first = rates.surest(moods.max(axis=1))[:count]
    return rates.accuracy(labels[first], rates.likeliest(moods[first]) + 1)


def _of_answers(score: Callable[[Labels, Labels], float]) -> Measure:
    return lambda shares, labels: score(labels, shares.argmax(axis=1))


#: The reported metrics.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "weighted F1": _of_answers(rates.weighted_f1),
        "macro F1": _of_answers(rates.macro_f1),
        "accuracy": _of_answers(rates.accuracy),
        "log loss": log_loss,
        "calibration error": calibration_error,
        "P@30": surest,
    }
)


def _lines(dialogues: Dialogues) -> list[str]:
    return [line for one in dialogues.conversations for line in one.lines]
