"""``python -m subemo.research.words``: train and evaluate the text model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ...core.errors import SubemoError
from ...model.network import soften
from ...text_model.weights import Weights
from ..corpora import Split
from .evaluation import FOLDS, Shares, figures, fold_logits, fold_shares, logits_of, temperature_of
from .lines import read_comments, read_conversations
from .training import Dialogues, WordsRecipe, fit_dialogues, fit_general, prepare

#: The training splits of each set of weights; none shares an episode with reporting.
SETS = {
    "words-choosing": (Split.TRAINING,),
    "words-en": (Split.TRAINING, Split.CHOOSING),
}


@click.command()
@click.argument("texts", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=0, show_default=True, help="Random seed of folds and intervals.")
@click.option(
    "--report",
    is_flag=True,
    help="Evaluate words-en on the reporting lines; only once, at the end.",
)
def main(texts: Path, out: Path, seed: int, report: bool) -> None:
    """Train on TEXTS (meld/ and goemotions/) and write both sets of weights to --out."""
    try:
        train(texts, out, seed, report=report)
    except SubemoError as error:
        raise click.ClickException(str(error)) from error


def train(texts: Path, out: Path, seed: int, *, report: bool) -> None:
    """Trains both sets of weights and prints the figures of each.

    Args:
        texts: a folder that contains `meld/` and `goemotions/`
        out: the folder for the folders of weights
        seed: random seed of folds and intervals
        report: whether to evaluate on the reporting lines

    Raises:
        CorpusError: if a file is missing or invalid
    """
    recipe = WordsRecipe()
    general = fit_general(read_comments(texts), recipe)
    for name, splits in SETS.items():
        dialogues = prepare(read_conversations(texts, *splits), general, "en", recipe)
        logits = fold_logits(dialogues, recipe, seed)
        weights = _weights(dialogues, logits, splits, recipe, seed)
        shares = fold_shares(dialogues, logits, seed)
        click.echo(f"== {name}, folds of episodes\n{figures(dialogues, shares, seed)}")
        held_out = Split.CHOOSING if splits == SETS["words-choosing"] else Split.REPORTING
        if held_out is Split.CHOOSING or report:
            lines = prepare(read_conversations(texts, held_out), general, "en", recipe)
            shares = soften(logits_of(weights, lines.conversations), weights.temperature)
            click.echo(f"== {name} on the {held_out} lines\n{figures(lines, shares, seed)}")
        weights.write(out / name)


def _weights(
    dialogues: Dialogues, logits: Shares, splits: Sequence[Split], recipe: WordsRecipe, seed: int
) -> Weights:
    weights = fit_dialogues(dialogues, np.arange(len(dialogues.labels)), recipe)
    provenance: dict[str, Any] = {
        "training": {
            "dialogues": f"MELD train, {', '.join(splits)}: {len(dialogues.labels)} lines",
            "licences": "MELD GPL-3.0, GoEmotions Apache-2.0",
            "comments": "GoEmotions train",
            "calibration": f"temperature of {FOLDS} folds of episodes",
            "recipe": repr(recipe),
            "seed": seed,
        }
    }
    temperature = temperature_of(logits, dialogues.labels)
    return replace(weights, temperature=temperature, provenance=provenance)


if __name__ == "__main__":
    main()
