"""Trains the detector: windows of frames to vocal sounds, speech and backgrounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError
from ...features.base import FeatureSet, FrameFeatures
from ...sounds.weights import LinearLayer
from .sources import FOLDS
from .table import StretchTable


@dataclass(frozen=True)
class LinearRecipe:
    """The hyperparameters, each chosen on the folds' segments.

    Attributes:
        strength: scikit-learn's C
        steps: the most steps of L-BFGS
        evenness: exponent of the inverse class frequency in the weights of windows
        width: number of columns of a frame in use, counted from the last; None for all
    """

    strength: float = 0.001
    steps: int = 60
    evenness: float = 0.5
    width: int | None = None


def window_recipe(features: FeatureSet) -> LinearRecipe:
    """The recipe for vocal sounds: only the last layer of the frames is used.

    With all layers, more false sounds are detected (``docs/research/sounds.md``). C is the one that
    finds most on the folds' segments, with one false sound in ten minutes at most, among 0.0001,
    0.0003, 0.001 and 0.003.
    """
    return LinearRecipe(width=features.widths[-1] if isinstance(features, FrameFeatures) else None)


def fit_linear(
    rows: npt.NDArray[np.floating], labels: npt.NDArray[np.integer], recipe: LinearRecipe
) -> LinearLayer:
    """Fits a multinomial logistic regression on standardised features.

    Args:
        rows: means, then deviations, of frames: shape (rows, 2 * size)
        labels: 0 to classes - 1, at least three classes, each with a row
        recipe: see `LinearRecipe`

    Raises:
        MissingExtraError: if scikit-learn is not installed
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "train") from error
    columns = _columns(rows.shape[1], recipe.width)
    wide = np.asarray(rows[:, columns], np.float32)
    mean, scale = wide.mean(axis=0), wide.std(axis=0) + 1e-4
    counts = np.bincount(labels)
    weighing = (counts.sum() / len(counts) / counts) ** recipe.evenness
    model = LogisticRegression(C=recipe.strength, max_iter=recipe.steps, tol=1e-3)
    model.fit((wide - mean) / scale, labels, sample_weight=weighing[labels])
    # scikit-learn's classes are in the order of the labels.
    used = (model.coef_.T / scale[:, None]).astype(np.float32)
    bias = model.intercept_.astype(np.float32) - mean @ used
    weights = np.zeros((rows.shape[1], used.shape[1]), np.float32)
    weights[columns] = used
    return LinearLayer(weights, bias.astype(np.float32))


def _columns(count: int, width: int | None) -> npt.NDArray[np.bool_]:
    """Which columns of rows of means and deviations are in use."""
    if width is None:
        return np.ones(count, bool)
    return np.tile(np.arange(count // 2) >= count // 2 - width, 2)


def fit_folds(table: StretchTable, recipe: LinearRecipe) -> list[LinearLayer]:
    """Fits one model per fold, without that fold's sounds, speakers and backgrounds."""
    return [fit_windows(table, table.window_folds != fold, recipe) for fold in range(FOLDS)]


def fit_windows(
    table: StretchTable, among: npt.NDArray[np.bool_], recipe: LinearRecipe
) -> LinearLayer:
    """Fits a model to some of the windows; unlabelled ones are left out."""
    known = among & (table.labels >= 0)
    return fit_linear(table.windows[known], table.labels[known], recipe)


def fold_peaks(table: StretchTable, heads: list[LinearLayer]) -> npt.NDArray[np.float64]:
    """Each segment's peaks by the model not trained on it, shape (segments, 7)."""
    found = np.zeros((len(table.labels), heads[0].bias.size))
    for fold, head in enumerate(heads):
        inside = table.window_folds == fold
        found[inside] = head.probabilities(table.windows[inside])
    return table.peaks(found)
