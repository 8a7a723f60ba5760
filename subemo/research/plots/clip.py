"""Plots of a clip (Appendices 3 to 8 of the 2024 report, Davies and Chen)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...features import stft
from ...media.audio import Samples
from ...render.canvas import new_figure


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
