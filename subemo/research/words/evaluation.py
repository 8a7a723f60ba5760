"""Evaluates the text model: folds of episodes, figures with intervals, a baseline (peer)."""

from __future__ import annotations

from collections.abc import Sequence

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
