"""Recipes of models, and their shared steps: export, bundle, card, predictions."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import SubemoError
from ...core.files import write_atomically
from ...core.progress import OnStep, ignore
from ...features import FeatureSet, Vector
from ...model.bundle import Bundle
from ...model.network import LiteRT, soften
from ..evaluation.figures import Figure

#: The largest allowed difference of a probability after export.
TOLERANCE = 1e-5


class ExportError(SubemoError):
    """An exported model whose predictions differ from the trained one's."""


def to_litert(
    model: Any, build: Callable[..., Any], rows: Vector, *, logits: bool = False
) -> bytes:
    """Converts a model to LiteRT format, with built-in operators only.

    Args:
        model: a trained Keras model
        build: builds the same architecture; called with ``unroll=True`` and
            ``batch_size=1``, which converts to built-in operators
        rows: real, standardised inputs to compare on, shape (rows, size) or
            (rows, steps + 2, size + 1)
        logits: whether *model* outputs logits; *build*'s model outputs probabilities

    Returns:
        the content of a ``.tflite`` file

    Raises:
        ExportError: if any probability differs by more than `TOLERANCE`
    """
    from .keras_adapter import quietly, tensorflow

    unrolled = build(unroll=True, batch_size=1)
    unrolled.set_weights(model.get_weights())
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(unrolled)
    with quietly():
        weights = bytes(converter.convert())

    runtime = LiteRT(weights)
    given = rows.reshape(-1, *model.input_shape[1:])
    expected = model.predict(given, batch_size=512, verbose=0)
    if logits:
        expected = soften(expected)
    exported = np.stack([runtime.probabilities(row) for row in rows])
    worst = float(np.abs(expected - exported).max())
    if not worst <= TOLERANCE:
        raise ExportError(f"the exported model's probabilities differ from Keras by {worst:.2g}")
    return weights


_OUTLINE = """\
# {name}

{intro}

## Figures

{figures}

## Training data and licences

{corpora}

{training}

## Intended use

{use}

## Limits

{limits}
"""


@dataclass(frozen=True)
class CardText:
    """The text of a model card by section; fields are in braces.

    Attributes:
        intro: the model
        figures: the figures and how to read them
        training: further training data, licences, recipe
        use: intended use
        limits: limitations
        values: returns the fields from the content of ``model.json``; every text
            also has ``name`` and ``speakers``
    """

    intro: str
    figures: str
    training: str
    use: str
    limits: str
    values: Callable[[Mapping[str, Any]], Mapping[str, object]]


def fill_card(card: CardText, description: Mapping[str, Any]) -> str:
    """Fills in a model card."""
    corpora = description["training"]["corpora"]
    values = {
        "name": description["name"],
        "speakers": sum(counts["speakers"] for counts in corpora.values()),
        **card.values(description),
    }
    return _OUTLINE.format(
        name=description["name"],
        corpora=_corpora(corpora),
        **{
            part: getattr(card, part).format(**values)
            for part in ("intro", "figures", "training", "use", "limits")
        },
    )


def figures_of(description: Mapping[str, Any]) -> list[Figure]:
    """The figures in a bundle."""
    return [Figure(**figure) for figure in description["figures"]]


def rows_of_figures(description: Mapping[str, Any]) -> str:
    """The figures in a bundle as table rows."""
    return "\n".join(
        f"| {figure.protocol} | {figure.metric} | {100 * figure.value:.1f} % "
        f"| {100 * figure.low:.1f} to {100 * figure.high:.1f} % "
        f"| {figure.clips:,} | {figure.interval} |"
        for figure in figures_of(description)
    )


def _corpora(corpora: Mapping[str, Mapping[str, int]]) -> str:
    return "\n".join(
        f"- {name.upper()}: {counts['clips']:,} clips of {counts['speakers']} speakers"
        for name, counts in corpora.items()
    )


def figure_table(figures: Sequence[Figure]) -> str:
    """Figures as a table: one row per protocol, one column per metric."""
    columns = list(dict.fromkeys(figure.metric for figure in figures))
    titles = [next(f.title for f in figures if f.metric == metric) for metric in columns]
    lines = [f"| protocol | clips | {' | '.join(titles)} |", "|---" * (len(columns) + 2) + "|"]
    for protocol in dict.fromkeys(figure.protocol for figure in figures):
        own = {figure.metric: figure for figure in figures if figure.protocol == protocol}
        cells = [own[metric].bare_percent if metric in own else "" for metric in columns]
        clips = max(figure.clips for figure in own.values())
        lines.append(f"| {protocol} | {clips:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


@dataclass(frozen=True)
class TrainOptions:
    """The options of a training.

    Attributes:
        work: folder for cached features and finished work, from which a second call
            with the same folder resumes
        corpora: the folder of each corpus, by name, for a recipe with `RecipeEntry.corpora`
        data: the folder of everything, for any other
        encoder: folder of another encoder, if the features use one
        epochs: number of epochs; None for the recipe's
        batch_size: rows per step; None for the recipe's
        seed: random seed
        held_out: whether to also train with held-out speakers, if the
            recipe makes that optional
        name: name of the trained model; None for the recipe's
    """

    work: Path
    corpora: Mapping[str, Path] = field(default_factory=dict)
    data: Path | None = None
    encoder: Path | None = None
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    held_out: bool = True
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained, exported and evaluated network.

    Attributes:
        bundle: the model, whose provenance describes the training alone
        figures: the figures
        predictions: every evaluated row as CSV, by the name of its protocol
    """

    bundle: Bundle
    figures: Sequence[Figure]
    predictions: Mapping[str, str]


@dataclass(frozen=True)
class ModelRecipe:
    """The recipe of a model.

    Attributes:
        name: name of the model, unless the options give another
        features: the feature set
        train: trains, exports and evaluates it
        card: the text of its model card
        libraries: packages whose versions are recorded in the bundle
    """

    name: str
    features: Callable[[TrainOptions], FeatureSet]
    train: Callable[[TrainOptions, FeatureSet, OnStep], Trained]
    card: CardText
    libraries: tuple[str, ...]


def train_model(
    recipe: ModelRecipe, options: TrainOptions, *, out: Path, on_step: OnStep = ignore
) -> list[Figure]:
    """Trains a model, writes its bundle and returns its figures.

    Raises:
        CorpusError: if the corpora are not as expected
        MissingExtraError: if the extra ``train`` is not installed
        ExportError: if the exported model differs from the trained one
    """
    trained = recipe.train(options, recipe.features(options), on_step)
    bundle = replace(trained.bundle, provenance=_provenance(recipe, trained))
    bundle.write(out, card=fill_card(recipe.card, bundle.description()))
    for name, table in trained.predictions.items():
        path = out / "predictions" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, table.encode(), overwrite=True)
    return list(trained.figures)


def _provenance(recipe: ModelRecipe, trained: Trained) -> dict[str, object]:
    return {
        "training": trained.bundle.provenance,
        "export": {"largest_difference_allowed": TOLERANCE},
        "figures": [asdict(figure) for figure in trained.figures],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("subemo", *recipe.libraries)},
        },
    }
