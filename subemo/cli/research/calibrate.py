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
    help="Folder of a text model not trained on the validation dialogues.  "
    "[default: the voice alone]",
)
@click.option(
    "--work",
    type=PATH,
    default="runs/films",
    show_default=True,
    help="Folder for cached features, folds and films.",
)
@click.option(
    "--films",
    type=click.IntRange(min=1),
    default=6,
    show_default=True,
    help="Number of films from each corpus.",
)
@click.option(
    "--precision",
    type=click.FloatRange(0, 1),
    help="Target precision of shown tags.  [default: 0.85 with words, 0.75 by voice]",
)
@debug_option
def calibrate(
    data: Path, model: str, words: Path | None, work: Path, films: int, precision: float | None
) -> None:
    """Fit how a model weighs voice, words and neighbouring cues.

    The parameters are fitted on validation films made from DATA (docs/research/films.md) and
    written into the model's folder. Folds that leave those films' voices out of
    training are trained first unless they are cached.
    """
    from .jobs.calibrate import run

    run(data, model, words, work, films, precision)
