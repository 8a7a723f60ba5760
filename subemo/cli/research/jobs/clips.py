"""What `subemo clips` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ....research.datasets.cutting import cut_clips
from ....research.evaluation.labels import read_labels


def run(video: Path, labels: Path, output: Path, *, ignore: Sequence[str], overwrite: bool) -> None:
    """Cuts labelled stretches out of a film, and says how many there were.

    Args:
        video: the film
        labels: a table of its stretches
        output: where the clips go
        ignore: labels that are left out
        overwrite: whether clips that exist are replaced

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    stretches = read_labels(labels, video, ignore=ignore)
    written = list(cut_clips(video, stretches, output, overwrite=overwrite))
    click.echo(f"Written: {len(written)} clips to {output}")
