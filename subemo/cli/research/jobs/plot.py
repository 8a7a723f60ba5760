"""Runs `subemo plot`."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from ....core.files import check_writable, write_atomically
from ....features import ReportFeatures
from ....media.audio import load
from ....render.canvas import name_in_title, render
from ....research.datasets import augmentation as augment
from ....research.plots import report as pictures
from ...options import picture_form


def run(kind: str, clip: Path, output: Path | None, *, overwrite: bool) -> None:
    """Plots the sound of a clip.

    Args:
        kind: ``waveform``, ``spectrogram`` or ``augmentations``
        clip: the sound file
        output: the picture; None for a name beside the clip
        overwrite: whether an existing picture is replaced

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    target = output or clip.with_name(f"{clip.stem}.{kind}.png")
    form = picture_form(target)
    check_writable(target, inputs=[clip], overwrite=overwrite)
    rate = ReportFeatures().sample_rate
    samples = load(clip, sample_rate=rate)
    if kind == "waveform":
        figure = pictures.waveform(samples, rate, title=name_in_title(clip))
    elif kind == "spectrogram":
        figure = pictures.spectrogram(samples, rate, title=name_in_title(clip))
    else:
        versions = list(augment.versions(samples, rate, np.random.default_rng(0)))
        figure = pictures.augmentations(versions, augment.VERSIONS, rate, title=name_in_title(clip))
    write_atomically(target, render(figure, form), overwrite=overwrite)
    click.echo(f"Written: {target}")
