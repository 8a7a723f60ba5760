"""`subemo calibrate`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, debug_option, model_option


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@model_option
@click.option(
    "--witness",
    "words",
    type=PATH,
    metavar="DIR",
    help="A model of words that has not seen the dialogues for choosing.  [default: the voice alone]",
)
@click.option(
    "--work",
    type=PATH,
    default="runs/films",
    show_default=True,
    help="Where features, folds and films are cached.",
)
@click.option(
    "--films",
    type=click.IntRange(min=1),
    default=6,
    show_default=True,
    help="How many of each corpus.",
)
@click.option(
    "--precision",
    type=click.FloatRange(0, 1),
    help="How often a shown tag is to be right.  [default: 0.85 with words, 0.75 by the voice]",
)
@debug_option
def calibrate(
    data: Path, model: str, words: Path | None, work: Path, films: int, precision: float | None
) -> None:
    """Fit how a model weighs voice, words and neighbouring cues, and write that into its folder.

    The numbers are fitted on films for choosing, made of DATA (docs/films.md);
    folds without their voices in the training data are trained where they are not there yet.
    """
    from .jobs.calibrate import run

    run(data, model, words, work, films, precision)
