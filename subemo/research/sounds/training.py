"""Training the head: windows of the encoder's frames to vocal sounds, speech and backgrounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError
from ...sounds.weights import Linear
from .sources import FOLDS
from .table import Table


@dataclass(frozen=True)
class Recipe:
    """The choices of a training, each made on the folds' own stretches.

    Attributes:
        strength: scikit-learn's C; of 0.0001, 0.0003, 0.001 and 0.003 the one that finds most
        steps: of L-BFGS at most
        evenness: the power of a class's inverse share that its windows weigh
    """

    strength: float = 0.001
    steps: int = 60
    evenness: float = 0.5


def fit_linear(
    rows: npt.NDArray[np.floating], labels: npt.NDArray[np.integer], recipe: Recipe
) -> Linear:
    """Multinomial logistic regression on standardised numbers.

    Args:
        rows: shape (rows, numbers)
        labels: 0 to classes - 1, of three classes or more, each of which some row has
        recipe: see `Recipe`

    Raises:
        MissingExtraError: without scikit-learn
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "train") from error
    wide = np.asarray(rows, np.float32)
    mean, scale = wide.mean(axis=0), wide.std(axis=0) + 1e-4
    counts = np.bincount(labels)
    weighing = (counts.sum() / len(counts) / counts) ** recipe.evenness
    model = LogisticRegression(C=recipe.strength, max_iter=recipe.steps, tol=1e-3)
    model.fit((wide - mean) / scale, labels, sample_weight=weighing[labels])
    # The order of scikit-learn's classes is that of the labels.
    weights = model.coef_.T.astype(np.float32) / scale[:, None]
    bias = model.intercept_.astype(np.float32) - mean @ weights
    return Linear(weights.astype(np.float32), bias.astype(np.float32))


def fit_folds(table: Table, recipe: Recipe) -> list[Linear]:
    """One head for each fold, which has not heard that fold's sounds, speakers and backgrounds."""
    return [fit_windows(table, table.window_folds != fold, recipe) for fold in range(FOLDS)]


def fit_windows(table: Table, among: npt.NDArray[np.bool_], recipe: Recipe) -> Linear:
    """A head of some of the windows; those with no label are left out."""
    known = among & (table.labels >= 0)
    return fit_linear(table.windows[known], table.labels[known], recipe)


def fold_peaks(table: Table, heads: list[Linear]) -> npt.NDArray[np.float64]:
    """Each stretch's peaks by the head that has not heard it, shape (stretches, 7)."""
    found = np.zeros((len(table.labels), heads[0].bias.size))
    for fold, head in enumerate(heads):
        inside = table.window_folds == fold
        found[inside] = head.probabilities(table.windows[inside])
    return table.peaks(found)
