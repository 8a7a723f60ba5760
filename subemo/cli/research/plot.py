"""`subemo plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ...core.files import check_writable, write_atomically
from ..command import Options, argument, command, flag, option
from ..options import picture_form


class _PlotOptions(Options):
    kind: Literal["waveform", "spectrogram", "augmentations"] = argument()
    clip: Path = argument()
    output: Path | None = option("Output file.  [default: CLIP.KIND.png]", "-o", metavar="PNG|SVG")
    overwrite: bool = flag("Replace an existing output.")


@command()
def plot(options: _PlotOptions) -> None:
    """Plot the waveform, spectrogram or augmentations of CLIP."""
    import numpy as np

    from ...features import ReportFeatures
    from ...media.audio import load
    from ...render.canvas import name_in_title, render
    from ...research.datasets import augmentation as augment
    from ...research.plots import report as pictures

    kind, clip = options.kind, options.clip
    target = options.output or clip.with_name(f"{clip.stem}.{kind}.png")
    form = picture_form(target)
    check_writable(target, inputs=[clip], overwrite=options.overwrite)
    rate = ReportFeatures().sample_rate
    samples = load(clip, sample_rate=rate)
    if kind == "waveform":
        figure = pictures.waveform(samples, rate, title=name_in_title(clip))
    elif kind == "spectrogram":
        figure = pictures.spectrogram(samples, rate, title=name_in_title(clip))
    else:
        versions = list(augment.versions(samples, rate, np.random.default_rng(0)))
        figure = pictures.augmentations(versions, augment.VERSIONS, rate, title=name_in_title(clip))
    write_atomically(target, render(figure, form), overwrite=options.overwrite)
    click.echo(f"Written: {target}")
