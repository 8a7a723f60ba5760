"""Evaluates the text model: folds of episodes, figures with intervals, a baseline (peer)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.errors import MissingExtraError
from ...witness import WordsWitness
from ...witness.weights import CLASSES, Weights
from .lines import Conversation
from .training import Dialogues, Recipe, fit_dialogues

Labels = NDArray[np.int64]
Shares = NDArray[np.float64]

FOLDS = 5
_BINS = 15
_DRAWS = 1000


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval, from a bootstrap over whole dialogues."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


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


def softmax(logits: Shares) -> Shares:
    """The softmax of each row."""
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def fit_temperature(logits: Shares, labels: Labels) -> float:
    """Fits the temperature on held-out logits (Guo et al., 2017)."""
    from scipy.optimize import minimize_scalar

    def surprise(log_temperature: float) -> float:
        return log_loss(softmax(logits / np.exp(log_temperature)), labels)

    return float(np.exp(minimize_scalar(surprise, bounds=(-2, 2), method="bounded").x))


def log_loss(shares: Shares, labels: Labels) -> float:
    """The mean of −log P(label)."""
    return float(-np.log(shares[np.arange(len(labels)), labels].clip(1e-12)).mean())


def calibration_error(shares: Shares, labels: Labels) -> float:
    """Expected calibration error of the likeliest class, 15 bins (Guo et al., 2017)."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    return float(
        sum(
            abs(right[bins == one].mean() - sure[bins == one].mean()) * (bins == one).mean()
            for one in set(bins.tolist())
        )
    )


def weighted_f1(labels: Labels, answers: Labels) -> float:
    """F1 weighted by the classes' numbers of lines."""
    return float(np.average(_f1(labels, answers), weights=np.bincount(labels, minlength=7)))


def macro_f1(labels: Labels, answers: Labels) -> float:
    """The mean F1 of the classes with lines."""
    return float(_f1(labels, answers)[np.bincount(labels, minlength=7) > 0].mean())


def accuracy(labels: Labels, answers: Labels) -> float:
    """The share of correct predictions."""
    return float((labels == answers).mean())


def _f1(labels: Labels, answers: Labels) -> NDArray[np.float64]:
    classes = len(CLASSES)
    table = np.bincount(labels * classes + answers, minlength=classes**2)
    table = table.reshape(classes, classes)
    return np.asarray(2 * table.diagonal() / np.maximum(table.sum(0) + table.sum(1), 1))


def interval(statistic: Callable[[Labels], float], dialogues: Sequence[str], seed: int) -> Figure:
    """A figure and its 95 % bootstrap interval over whole dialogues.

    Args:
        statistic: the measure as a function of line numbers
        dialogues: the dialogue of every line
        seed: random seed
    """
    _, places = np.unique(np.asarray(dialogues), return_inverse=True)
    lines = [np.flatnonzero(places == one) for one in range(places.max() + 1)]
    rng = np.random.default_rng(seed)
    drawn = [
        statistic(np.concatenate([lines[one] for one in rng.integers(len(lines), size=len(lines))]))
        for _ in range(_DRAWS)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(statistic(np.arange(len(places))), float(low), float(high))
