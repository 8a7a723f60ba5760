"""Evaluates the text model: folds of episodes, figures with intervals, a baseline (peer)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import MissingExtraError
from ...model.calibration import soften
from ...witness import WordsWitness
from ...witness.weights import CLASSES, Weights
from ..evaluation import rates
from ..evaluation.figures import bootstrap
from ..evaluation.metrics import BINS
from ..training.crossval import fit_temperature
from .lines import Conversation
from .training import Dialogues, Recipe, fit_dialogues

Labels = NDArray[np.int64]
Shares = NDArray[np.float64]

FOLDS = 5


def logits_of(weights: Weights, conversations: Sequence[Conversation]) -> Shares:
    """A text model's logits for conversations, before temperature, shape (lines, 7)."""
    witness = WordsWitness(weights)
    return np.concatenate([witness.logits(one.lines, one.speakers) for one in conversations])


def fold_of_groups(groups: Sequence[str], seed: int, folds: int = FOLDS) -> Labels:
    """The fold of every line; the lines of a group share a fold."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names)) % folds
    fold_of = dict(zip(names, order, strict=True))
    return np.asarray([fold_of[group] for group in groups])


def fold_logits(dialogues: Dialogues, recipe: Recipe, seed: int) -> Shares:
    """Logits of every line by a model not trained on its episode."""
    folds = fold_of_groups(dialogues.groups, seed)
    fold_of = dict(zip(dialogues.groups, folds, strict=True))
    found = np.zeros((len(folds), len(CLASSES)))
    for fold in range(FOLDS):
        weights = fit_dialogues(dialogues, np.flatnonzero(folds != fold), recipe)
        held_out = [one for one in dialogues.conversations if fold_of[one.group] == fold]
        found[folds == fold] = logits_of(weights, held_out)
    return found


def peer_shares(
    lines: Sequence[str], labels: Labels, asked: Sequence[str], strength: float = 3.0
) -> Shares:
    """The peer: TF-IDF of words (1, 2) and letters (2 to 5), multinomial logistic regression.

    Args:
        lines: training lines
        labels: labels of the training lines
        asked: lines to classify
        strength: scikit-learn's C; 3 was the best of 1, 3 and 10 on the folds

    Raises:
        MissingExtraError: if scikit-learn is not installed
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "train") from error
    from scipy.sparse import hstack

    token = r"(?u)\w+|[^\w\s]"  # noqa: S105
    kinds = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=token),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    ]
    known = hstack([kind.fit_transform(lines) for kind in kinds]).tocsr()
    model = LogisticRegression(C=strength, max_iter=300).fit(known, labels)
    shares = model.predict_proba(hstack([kind.transform(asked) for kind in kinds]).tocsr())
    found = np.zeros((len(asked), len(CLASSES)))
    found[:, model.classes_] = shares
    return found


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
