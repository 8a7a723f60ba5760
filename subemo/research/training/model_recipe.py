"""Recipes of models, and their shared steps: export, bundle, card, predictions."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ...core.files import write_atomically
from ...core.progress import OnStep, ignore
from ...features import FeatureSet, Vector
from ...model.bundle import Bundle
from ...model.statistics import Adaptation, Statistics
from ..evaluation.figures import Figure
from .card import CardText, fill_card
from .litert_export import TOLERANCE, to_litert

#: Builds an untrained Keras model from ``unroll`` and ``batch_size``, see `Architecture.build`.
Build = Callable[..., Any]


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
    """A trained and evaluated network, before export.

    Attributes:
        model: a trained Keras model of the recipe's architecture
        gives_logits: whether it outputs logits instead of probabilities
        proof: real, standardised inputs to verify the export on
        statistics: statistics of the training rows
        adaptation: the default adaptation
        provenance: description of the training, for the bundle
        figures: the figures
        predictions: every evaluated row as CSV, by the name of its protocol
        temperature: see `Bundle`
        threshold: see `Bundle`
    """

    model: Any
    gives_logits: bool
    proof: Vector
    statistics: Statistics
    adaptation: Adaptation
    provenance: Mapping[str, object]
    figures: Sequence[Figure]
    predictions: Mapping[str, str]
    temperature: float = 1.0
    threshold: float = 0.5


@dataclass(frozen=True)
class ModelRecipe:
    """The recipe of a model.

    Attributes:
        name: name of the model, unless the options give another
        features: the feature set
        architecture: the network, which outputs probabilities
        train: trains and evaluates it
        card: the text of its model card
        libraries: packages whose versions are recorded in the bundle
    """

    name: str
    features: Callable[[TrainOptions], FeatureSet]
    architecture: Callable[[FeatureSet], Build]
    train: Callable[[TrainOptions, FeatureSet, OnStep], Trained]
    card: CardText
    libraries: tuple[str, ...]


def train_model(
    recipe: ModelRecipe, options: TrainOptions, *, out: Path, on_step: OnStep = ignore
) -> list[Figure]:
    """Trains a model, writes its bundle and returns its figures.

    Args:
        recipe: the recipe
        options: the options of the training
        out: folder of the bundle
        on_step: called with each step of progress and with intermediate results

    Raises:
        CorpusError: if the corpora are not as expected
        MissingExtraError: if the extra ``train`` is not installed
        ExportError: if the exported model differs from the trained one
    """
    features = recipe.features(options)
    trained = recipe.train(options, features, on_step)
    weights = to_litert(
        trained.model,
        recipe.architecture(features),
        trained.proof,
        logits=trained.gives_logits,
    )
    bundle = Bundle(
        options.name or recipe.name,
        features,
        trained.statistics.mean,
        trained.statistics.scale,
        trained.adaptation,
        weights,
        _provenance(recipe, trained),
        trained.temperature,
        trained.threshold,
    )
    bundle.write(out, card=fill_card(recipe.card, bundle.description()))
    for name, table in trained.predictions.items():
        path = out / "predictions" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, table.encode(), overwrite=True)
    return list(trained.figures)


def _provenance(recipe: ModelRecipe, trained: Trained) -> dict[str, object]:
    return {
        "training": trained.provenance,
        "export": {"largest_difference_allowed": TOLERANCE},
        "figures": [asdict(figure) for figure in trained.figures],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("subemo", *recipe.libraries)},
        },
    }
