"""`subemo plot`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, debug_option


@click.command()
@click.argument("kind", type=click.Choice(["waveform", "spectrogram", "augmentations"]))
@click.argument("clip", type=PATH)
@click.option("-o", "--output", type=PATH, metavar="PNG|SVG", help="[default: CLIP.KIND.png]")
@click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
@debug_option
def plot(kind: str, clip: Path, output: Path | None, overwrite: bool) -> None:
    """Draw the sound of a CLIP, in seconds, hertz and decibels."""
    import numpy as np

    from ...core.files import check_writable, write_atomically
    from ...features import ReportFeatures
    from ...media.audio import load
    from ...render.canvas import name_in_title, render
    from ...research.datasets import augmentation as augment
    from ...research.plots import clip as pictures
    from ..options import picture_form

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
