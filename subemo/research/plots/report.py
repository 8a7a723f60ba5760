"""Plots of the 2024 report (Davies and Chen; Appendices 2 to 8, 12 and 13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS, Emotion
from ...features import stft
from ...media.audio import Samples
from ...render.canvas import new_figure
from ..corpora import Clip
from ..training.clip_training import Epoch


def waveform(samples: Samples, sample_rate: int, *, title: str) -> Any:
    """Amplitude over time."""
    figure = new_figure(width=8.0, height=3.0)
    _draw_wave(figure.subplots(), samples, sample_rate, title)
    return figure


def spectrogram(samples: Samples, sample_rate: int, *, title: str) -> Any:
    """Level of each frequency over time, in decibels below the loudest point."""
    magnitudes = stft.magnitude_stft(samples.astype(np.float64))
    decibels = 20 * np.log10(np.maximum(magnitudes, 1e-5 * magnitudes.max(initial=1e-10)))
    decibels -= decibels.max()
    figure = new_figure(width=8.0, height=4.0)
    axes = figure.subplots()
    image = axes.imshow(
        decibels.T,
        origin="lower",
        aspect="auto",
        cmap="Greys",
        vmin=-80,
        vmax=0,
        extent=(0, samples.size / sample_rate, 0, sample_rate / 2),
    )
    axes.set(xlabel="time (s)", ylabel="frequency (Hz)", title=title)
    figure.colorbar(image, label="level (dB)")
    return figure


def augmentations(
    versions: Sequence[Samples], names: Sequence[str], sample_rate: int, *, title: str
) -> Any:
    """The waveforms of a clip and its augmented versions, on one time axis."""
    figure = new_figure(width=8.0, height=2.0 * len(versions))
    panels = figure.subplots(len(versions), sharex=True, sharey=True)
    for axes, samples, name in zip(panels, versions, names, strict=True):
        _draw_wave(axes, samples, sample_rate, name)
        axes.label_outer()
    figure.suptitle(title)
    return figure


def _draw_wave(axes: Any, samples: Samples, sample_rate: int, title: str) -> None:
    time = np.arange(samples.size) / sample_rate
    axes.plot(time, samples, color="black", linewidth=0.4)
    axes.set(xlabel="time (s)", ylabel="amplitude", title=title)


_HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--", "**")


def distribution(clips: Sequence[Clip]) -> Any:
    """Clips of each emotion by corpus, hatched so that corpora differ in greyscale."""
    figure = new_figure()
    axes = figure.subplots()
    bottom = [0] * len(EMOTIONS)
    names = [emotion.value for emotion in EMOTIONS]
    for position, corpus in enumerate(sorted({clip.corpus for clip in clips})):
        counts = Counter(clip.emotion for clip in clips if clip.corpus == corpus)
        heights = [counts[emotion] for emotion in EMOTIONS]
        axes.bar(
            names,
            heights,
            bottom=bottom,
            label=corpus,
            hatch=_HATCHES[position % len(_HATCHES)],
            color=str(0.5 + 0.14 * (position % 4)),
            edgecolor="black",
        )
        bottom = [below + height for below, height in zip(bottom, heights, strict=True)]
    for name, total in zip(names, bottom, strict=True):
        axes.annotate(str(total), (name, total), ha="center", va="bottom")
    axes.set(ylabel="clips", title=f"{len(clips):,} clips by emotion")
    axes.legend()
    return figure


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
