"""The confusion matrix of the 2024 report (Davies and Chen): counts in shades of grey."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import Emotion
from ...render.canvas import new_figure


def confusion_matrix(
    counts: npt.NDArray[np.int64], emotions: tuple[Emotion, ...], *, title: str
) -> Any:
    """Clips of each true class (row) by answer (column); the shade is the share of the row."""
    figure = new_figure(width=6.5, height=5.5)
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    image = axes.imshow(shares, cmap="Greys", vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        axes.text(
            column,
            row,
            str(counts[row, column]),
            ha="center",
            va="center",
            color="white" if shares[row, column] > 0.5 else "black",
        )
    names = [emotion.value for emotion in emotions]
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="answer", ylabel="label", title=title)
    figure.colorbar(image, label="share of the label's clips")
    return figure
