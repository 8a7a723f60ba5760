"""``python -m subemo.research.words``: train and evaluate the text model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ...core.errors import SubemoError
from ...witness.weights import Weights
from ..corpora import Split
from .evaluation import (
    FOLDS,
    EvaluatedLines,
    evaluate_folds,
    figures,
    fold_logits,
    logits_of,
    temperature_of,
)
from .lines import read_comments, read_conversations
from .training import Dialogues, General, Recipe, fit_dialogues, fit_general, prepare

#: The training splits of each set of weights; none shares an episode with reporting.
SETS = {
    "words-choosing": (Split.TRAINING,),
    "words-en": (Split.TRAINING, Split.CHOOSING),
}


@click.command()
@click.argument("texts", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=0, show_default=True, help="Random seed of folds and intervals.")
@click.option("--peer", is_flag=True, help="Also evaluate the n-gram baseline; takes ten minutes.")
@click.option(
    "--report",
    is_flag=True,
    help="Evaluate words-en on the reporting lines; only once, at the end.",
)
def main(texts: Path, out: Path, seed: int, peer: bool, report: bool) -> None:
    """Train on TEXTS (meld/ and goemotions/) and write both sets of weights to --out."""
    try:
        train(texts, out, seed, peer=peer, report=report)
    except SubemoError as error:
        raise click.ClickException(str(error)) from error


def train(texts: Path, out: Path, seed: int, *, peer: bool, report: bool) -> None:
    """Trains both sets of weights and prints the figures of each.

    Args:
        texts: a folder that contains `meld/` and `goemotions/`
        out: the folder for the folders of weights
        seed: random seed of folds and intervals
        peer: whether to also evaluate the baseline
        report: whether to evaluate on the reporting lines

    Raises:
        CorpusError: if a file is missing or invalid
    """
    recipe = Recipe()
    general = fit_general(read_comments(texts), recipe)
    for name, splits in SETS.items():
        dialogues = prepare(read_conversations(texts, *splits), general, "en", recipe)
        weights, evaluated = _one(dialogues, splits, recipe, seed, peer=peer)
        click.echo(f"== {name}, folds of episodes\n{figures(evaluated, seed)}")
        if splits == SETS["words-choosing"]:
            held_out = _prepared(texts, general, recipe, Split.CHOOSING)
            evaluated = _evaluate(weights, held_out, dialogues if peer else None)
            click.echo(f"== {name} on the choosing lines\n{figures(evaluated, seed)}")
        elif report:
            held_out = _prepared(texts, general, recipe, Split.REPORTING)
            evaluated = _evaluate(weights, held_out, dialogues if peer else None)
            click.echo(f"== {name} on the reporting lines\n{figures(evaluated, seed)}")
        weights.write(out / name)


def _one(
    dialogues: Dialogues, splits: Sequence[Split], recipe: Recipe, seed: int, *, peer: bool
) -> tuple[Weights, EvaluatedLines]:
    logits = fold_logits(dialogues, recipe, seed)
    temperature = temperature_of(logits, dialogues.labels)
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
    weights = replace(weights, temperature=temperature, provenance=provenance)
    return weights, evaluate_folds(dialogues, logits, seed, with_peer=peer)


def _prepared(texts: Path, general: General, recipe: Recipe, split: Split) -> Dialogues:
    return prepare(read_conversations(texts, split), general, "en", recipe)


def _evaluate(weights: Weights, held_out: Dialogues, known: Dialogues | None) -> EvaluatedLines:
    logits = logits_of(weights, held_out.conversations) / weights.temperature
    return EvaluatedLines.of(held_out, logits, known)


if __name__ == "__main__":
    main()
