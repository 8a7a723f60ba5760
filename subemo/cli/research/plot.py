"""`subemo plot`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, debug_option


@click.command()
@click.argument("kind", type=click.Choice(["waveform", "spectrogram", "augmentations"]))
@click.argument("clip", type=PATH)
@click.option(
    "-o", "--output", type=PATH, metavar="PNG|SVG", help="Output file.  [default: CLIP.KIND.png]"
)
@click.option("--overwrite", is_flag=True, help="Replace an existing output.")
@debug_option
def plot(kind: str, clip: Path, output: Path | None, overwrite: bool) -> None:
    """Plot the waveform, spectrogram or augmentations of CLIP."""
    from .jobs.plot import run

    run(kind, clip, output, overwrite=overwrite)
