"""Plots of a training (Appendix 12 of the 2024 report, Davies and Chen)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...render.canvas import new_figure
from ..training.clip_training import Epoch


def curves(epochs: Sequence[Epoch], *, title: str) -> Any:
    """Accuracy and loss by epoch, on the training and on the test side."""
    figure = new_figure(width=9.0, height=4.0)
    left, right = figure.subplots(1, 2)
    numbers = [epoch.number for epoch in epochs]
    left.plot(numbers, [100 * e.accuracy for e in epochs], color="black", label="training")
    left.plot(numbers, [100 * e.test_accuracy for e in epochs], "--", color="grey", label="test")
    left.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 100))
    right.plot(numbers, [e.loss for e in epochs], color="black", label="training")
    right.plot(numbers, [e.test_loss for e in epochs], "--", color="grey", label="test")
    right.set(xlabel="epoch", ylabel="loss (cross-entropy, nats)", ylim=(0, None))
    left.legend()
    right.legend()
    figure.suptitle(title)
    return figure
