"""Features of many segments, cached by fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.sounds import SOUNDS
from ...features.base import FeatureSet
from ...features.windows import MIN_SOUND_MS
from ...sounds.detection import pool, window_edges
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
    """Composes the segments of orders and extracts their features, using the cache.

    Args:
        orders: the segments to compose
        features: the encoder's features
        work: folder of the cache, from which a second call resumes
        name: name of this table in the cache
    """
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
