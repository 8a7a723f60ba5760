"""Runs `subemo clips`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ....research.datasets.cutting import cut_clips
from ....research.evaluation.sets import read_labels


def run(video: Path, labels: Path, output: Path, *, ignore: Sequence[str], overwrite: bool) -> None:
    """Cuts labelled segments out of a film and prints how many there were.

    Args:
        video: the film
        labels: a table of its segments
        output: the folder of the clips
        ignore: labels to leave out
        overwrite: whether existing clips are replaced

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    stretches = read_labels(labels, video, ignore=ignore)
    written = list(cut_clips(video, stretches, output, overwrite=overwrite))
    click.echo(f"Written: {len(written)} clips to {output}")
