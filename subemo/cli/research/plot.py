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
    from .jobs.plot import run

    run(kind, clip, output, overwrite=overwrite)
