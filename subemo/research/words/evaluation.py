"""Evaluates the text model: folds of episodes, figures with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ...model.network import soften
from ...text_model import TextModel
from ...text_model.weights import CLASSES, Weights
from ..evaluation import rates
from ..evaluation.figures import bootstrap
from ..evaluation.metrics import BINS
from ..training.crossval import fit_temperature
from .lines import Conversation
from .training import Dialogues, WordsRecipe, fit_dialogues

Labels = NDArray[np.int64]
Shares = NDArray[np.float64]

FOLDS = 5


def logits_of(weights: Weights, conversations: Sequence[Conversation]) -> Shares:
    """A text model's logits for conversations, before temperature, shape (lines, 7)."""
    text_model = TextModel(weights)
    return np.concatenate([text_model.logits(one.lines, one.speakers) for one in conversations])


def fold_of_groups(groups: Sequence[str], seed: int) -> Labels:
    """The fold of every line; the lines of a group share a fold."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names)) % FOLDS
    fold_of = dict(zip(names, order, strict=True))
    return np.asarray([fold_of[group] for group in groups])


def fold_logits(dialogues: Dialogues, recipe: WordsRecipe, seed: int) -> Shares:
    """Logits of every line by a model not trained on its episode."""
    folds = fold_of_groups(dialogues.groups, seed)
    fold_of = dict(zip(dialogues.groups, folds, strict=True))
    found = np.zeros((len(folds), len(CLASSES)))
    for fold in range(FOLDS):
        weights = fit_dialogues(dialogues, np.flatnonzero(folds != fold), recipe)
        held_out = [one for one in dialogues.conversations if fold_of[one.group] == fold]
        found[folds == fold] = logits_of(weights, held_out)
    return found


Measure = Callable[[Shares, Labels], float]

#: The share of P@30, and the classes other than neutral.
_SUREST = 0.3
_NEUTRAL = 0


def fold_shares(dialogues: Dialogues, logits: Shares, seed: int) -> Shares:
    """The posteriors of every line; each fold's temperature is fitted on the others.

    Args:
        dialogues: all lines
        logits: logits of each, by a model not trained on its episode
        seed: seed of the folds, as for the logits
    """
    folds, shares = fold_of_groups(dialogues.groups, seed), logits.copy()
    for fold in range(FOLDS):
        held_out = folds == fold
        others = temperature_of(logits[~held_out], dialogues.labels[~held_out])
        shares[held_out] = soften(logits[held_out], others)
    return shares


def figures(dialogues: Dialogues, shares: Shares, seed: int) -> str:
    """A table of a text model's figures, with 95 % intervals by a bootstrap over whole dialogues.

    Args:
        dialogues: lines that the model was not trained on
        shares: its posteriors of each
        seed: random seed of the intervals
    """
    labels, names = dialogues.labels, np.array(dialogues.names)
    rows = [f"{len(labels)} lines of {len(set(dialogues.names))} dialogues"]
    for name, measure in MEASURES.items():

        def of(lines: Labels, measure: Measure = measure) -> float:
            return measure(shares[lines], labels[lines])

        low, high = bootstrap(of, names, seed=seed)
        rows.append(f"{name}: {of(np.arange(len(labels))):.3f} [{low:.3f}, {high:.3f}]")
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
    return rates.accuracy(labels[first], moods[first].argmax(axis=1) + 1)


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
