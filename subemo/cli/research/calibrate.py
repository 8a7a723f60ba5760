"""`subemo calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..command import Options, argument, command, option
from ..options import MODEL
from ..terminal import progress, written_line

if TYPE_CHECKING:
    from ...model.bundle import Bundle


class _CalibrateOptions(Options):
    data: Path = argument(type=click.Path(exists=True, file_okay=False, path_type=Path))
    model: str = MODEL()
    witness: Path | None = option(
        "Folder of a text model not trained on the validation dialogues.  "
        "[default: the voice alone]",
        metavar="DIR",
    )
    work: Path = option(
        "Folder for cached features, folds and films.", metavar="PATH", default=Path("runs/films")
    )
    films: int = option("Number of films from each corpus.", low=1, default=6)
    precision: float | None = option(
        "Target precision of shown tags.  [default: 0.85 with words, 0.75 by voice]", low=0, high=1
    )


@command()
def calibrate(options: _CalibrateOptions) -> None:
    """Fit how a model weighs voice, words and neighbouring cues.

    The parameters are fitted on validation films made from DATA (docs/research/films.md) and
    written into the model's folder. Folds that leave those films' voices out of
    training are trained first unless they are cached.
    """
    from ...api import load_model
    from ...model.bundle import find_bundle
    from ...research.corpora import Split
    from ...research.films.building import FilmOrder
    from ...research.films.calibration import calibrated
    from ...text_model import TextModel
    from ...text_model.weights import read_weights

    folder, words = find_bundle(options.model), options.witness
    text_model = None if words is None else TextModel(read_weights(words), words.name)
    with progress(notes=True) as on_step:
        found = calibrated(
            load_model(options.model),
            text_model,
            FilmOrder(options.data, Split.CHOOSING, films=options.films),
            work=options.work,
            precision=options.precision,
            on_step=on_step,
        )
    found.write(folder, card=_card(found, folder))
    for kind, parameters in found.decision.items():
        click.echo(f"{kind}: {parameters}")
    click.echo(written_line(folder))


def _card(model: Bundle, folder: Path) -> str:
    """The model's card: that of a recipe names the thresholds, one of one's own is left alone."""
    from ...core.model_folder import CARD_FILE
    from ...research.training.model_recipe import fill_card
    from ...research.training.registry import RECIPES

    entry = RECIPES.get(model.name)
    if entry is None:
        return (folder / CARD_FILE).read_text(encoding="utf-8")
    return fill_card(entry.load().card, model.description())
