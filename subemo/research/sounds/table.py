"""Windows of many segments, cached by fold, and linear models that are fitted to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError
from ...core.sounds import SOUNDS
from ...features.base import FeatureSet, FrameFeatures
from ...features.windows import MIN_SOUND_MS
from ...sounds.detection import pool, window_edges
from ...sounds.weights import LinearLayer
from ..datasets.features import saved_arrays
from .sources import FOLDS
from .stretches import BACKGROUND, SAMPLE_RATE, SPEECH, UNASKED, Labels, Order

#: The version of files and composition; files of other versions are rebuilt.
_VERSION = 1
#: A window has a sound's label if it is audible this long: in 10 ms, and as a share.
_LEAST_STEPS, _LEAST_SHARE = 20, 0.15

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StretchTable:
    """Segments and their windows.

    Attributes:
        windows: see `pool`, in half precision, shape (windows, 2 * size)
        labels: label of each window: a position in `SOUNDS`, `SPEECH`, `BACKGROUND` or `UNASKED`
        stretch: segment of each window
        folds: fold of each segment
        truth: sound of each segment, a position in `SOUNDS`, or -1
        forms: form of each segment
        seconds: duration of each segment
    """

    windows: npt.NDArray[np.float16]
    labels: npt.NDArray[np.int8]
    stretch: Index
    folds: Index
    truth: Index
    forms: npt.NDArray[np.str_]
    seconds: npt.NDArray[np.float64]

    @property
    def window_folds(self) -> Index:
        """The fold of each window."""
        return self.folds[self.stretch]

    def peaks(self, probabilities: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """The largest probability of each sound in each segment, shape (segments, 7).

        Args:
            probabilities: probabilities of each window, sounds first
        """
        found = np.zeros((len(self.folds), len(SOUNDS)))
        np.maximum.at(found, self.stretch, probabilities[:, : len(SOUNDS)])
        return found


def joined(first: StretchTable, second: StretchTable) -> StretchTable:
    """Concatenates two tables."""
    arrays = {
        field.name: np.concatenate([getattr(first, field.name), getattr(second, field.name)])
        for field in fields(StretchTable)
        if field.name != "stretch"
    }
    stretch = np.concatenate([first.stretch, second.stretch + len(first.folds)])
    return StretchTable(**arrays, stretch=stretch)


def build_table(
    orders: Iterator[Order], features: FeatureSet, work: Path, name: str
) -> StretchTable:
    """Composes the segments of orders and extracts their features, using the cache."""
    by_fold: list[list[Order]] = [[] for _ in range(FOLDS)]
    for order in orders:
        by_fold[order.fold].append(order)
    parameters = (features.name, sorted(features.parameters().items()))
    parts = [
        saved_arrays(
            work,
            f"{name}-{fold}",
            (*parameters, (_VERSION, [order.name for order in of_fold])),
            partial(_part, of_fold, features),
        )
        for fold, of_fold in enumerate(by_fold)
    ]
    kept = [
        order
        for of_fold, part in zip(by_fold, parts, strict=True)
        for order, windows in zip(of_fold, part["counts"], strict=True)
        if windows
    ]
    counts = np.concatenate([part["counts"] for part in parts])
    counts = counts[counts > 0]
    return StretchTable(
        windows=np.concatenate([part["windows"] for part in parts]),
        labels=np.concatenate([part["labels"] for part in parts]),
        stretch=np.repeat(np.arange(len(counts)), counts),
        folds=np.array([order.fold for order in kept]),
        truth=np.array([-1 if o.sound is None else SOUNDS.index(o.sound) for o in kept]),
        forms=np.array([str(order.form) for order in kept]),
        seconds=np.concatenate([part["seconds"] for part in parts]),
    )


def window_labels(labels: Labels, frame_ms: int, frames: int) -> npt.NDArray[np.int8]:
    """The label of each window of a segment.

    Args:
        labels: labels, one for each 10 ms
        frame_ms: hop length of the frames
        frames: number of frames
    """
    steps = frame_ms // 10
    padded = np.full(frames * steps, UNASKED, np.int8)
    padded[: min(len(labels), len(padded))] = labels[: len(padded)]
    found = []
    for start, end in window_edges(frames, frame_ms):
        inside = padded[start * steps : end * steps]
        counts = np.bincount(inside[inside >= 0], minlength=BACKGROUND + 1)
        found.append(_label(counts, inside.size))
    return np.array(found, np.int8)


def _label(counts: Index, size: int) -> int:
    sounds = counts[: len(SOUNDS)]
    most = int(sounds.argmax())
    if sounds[most] >= max(_LEAST_STEPS, _LEAST_SHARE * size):
        return most
    if sounds.sum():
        return UNASKED
    if counts[SPEECH] >= _LEAST_STEPS:
        return SPEECH
    return BACKGROUND if counts[BACKGROUND] >= 0.9 * size else UNASKED


def _part(orders: Sequence[Order], features: FeatureSet) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a fold's segments; segments with too little sound have no windows."""
    frame_ms = int(features.parameters()["frame_ms"])
    windows, labels, counts, seconds = [], [], [], []
    for order in orders:
        stretch = order.stretch()
        if stretch.samples.size * 1000 < MIN_SOUND_MS * SAMPLE_RATE:
            counts.append(0)
            continue
        frames = features.extract(stretch.samples)
        rows = pool(frames, frame_ms).astype(np.float16)
        windows.append(rows)
        labels.append(window_labels(stretch.labels, frame_ms, len(frames)))
        counts.append(len(rows))
        seconds.append(stretch.samples.size / SAMPLE_RATE)
    return {
        "windows": np.concatenate(windows),
        "labels": np.concatenate(labels),
        "counts": np.array(counts),
        "seconds": np.array(seconds),
    }


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


def _columns(count: int, width: int | None) -> Mask:
    """Which columns of rows of means and deviations are in use."""
    if width is None:
        return np.ones(count, bool)
    return np.tile(np.arange(count // 2) >= count // 2 - width, 2)


def fit_folds(table: StretchTable, recipe: LinearRecipe) -> list[LinearLayer]:
    """Fits one model per fold, without that fold's sounds, speakers and backgrounds."""
    return [fit_windows(table, table.window_folds != fold, recipe) for fold in range(FOLDS)]


def fit_windows(table: StretchTable, among: Mask, recipe: LinearRecipe) -> LinearLayer:
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
