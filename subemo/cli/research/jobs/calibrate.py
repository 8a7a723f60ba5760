"""Runs `subemo calibrate`."""

from __future__ import annotations

from pathlib import Path

import click

from ....api import load_model
from ....model.bundle import CARD_FILE, Bundle, find_bundle
from ....research.corpora import Split
from ....research.films.building import FilmOrder
from ....research.films.calibration import calibrated
from ....research.training.model_recipe import fill_card
from ....research.training.registry import RECIPES
from ....witness import WordsWitness
from ....witness.weights import read_weights
from ...terminal import progress


def run(
    data: Path, model: str, words: Path | None, work: Path, films: int, precision: float | None
) -> None:
    """Fits a model's decision parameters and writes them into its folder.

    Args:
        data: the data folder
        model: a model's name or folder
        words: the folder of a text model; None for the voice alone
        work: where features, folds and films are cached
        films: number of films from each corpus
        precision: target precision of shown tags, 0 to 1; None for the default

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    folder = find_bundle(model)
    witness = None if words is None else WordsWitness(read_weights(words), words.name)
    with progress(notes=True) as on_step:
        found = calibrated(
            load_model(model),
            witness,
            FilmOrder(data, Split.CHOOSING, films=films),
            work=work,
            precision=precision,
            on_step=on_step,
        )
    found.write(folder, card=_card(found, folder))
    for kind, parameters in found.decision.items():
        click.echo(f"{kind}: {parameters}")
    click.echo(f"Written: {folder}")


def _card(model: Bundle, folder: Path) -> str:
    """The model's card: that of a recipe names the thresholds, one of one's own is left alone."""
    entry = RECIPES.get(model.name)
    if entry is None:
        return (folder / CARD_FILE).read_text(encoding="utf-8")
    return fill_card(entry.load().card, model.description())
