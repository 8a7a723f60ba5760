"""A recipe of a model as one entry, and what all recipes share: export, bundle, card, predictions."""

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

#: Makes an untrained Keras model; takes ``unroll`` and ``batch_size``, see `Architecture.build`.
Build = Callable[..., Any]


@dataclass(frozen=True)
class TrainOptions:
    """What is asked of a training.

    Attributes:
        work: folder for cached features and what is done; a second call with the
            same folder goes on where the first one stopped
        corpora: the folder of each corpus, by name, for `registry.Sources.CORPORA`
        data: the folder of everything, for `registry.Sources.DATA`
        encoder: another encoder's folder, where the features have one
        epochs: how many; None for the recipe's
        batch_size: rows a step; None for the recipe's
        seed: of everything
        held_out: whether speakers are held out in trainings of their own, where
            the recipe leaves that open
    """

    work: Path
    corpora: Mapping[str, Path] = field(default_factory=dict)
    data: Path | None = None
    encoder: Path | None = None
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    held_out: bool = True


@dataclass(frozen=True, eq=False)
class Trained:
    """A network that is trained and measured, not yet exported.

    Attributes:
        model: a trained Keras model of the recipe's architecture
        gives_logits: whether it does, or else probabilities
        proof: real, standardised input to prove the export on, as the network takes it
        statistics: of the training rows
        adaptation: how the model is adapted to a film
        provenance: what the bundle says of the training, for people
        figures: what was measured
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
    """One way to a model.

    Attributes:
        name: of the model
        features: the feature set
        architecture: the network over such features, which gives probabilities
        train: trains and measures it
        card: the text of its page
        libraries: distributions whose versions the bundle names, in order
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
        recipe: what is trained
        options: from what, and how
        out: folder of the bundle
        on_step: called with each step of progress and with early results

    Raises:
        CorpusError: if the corpora are not as expected
        MissingExtraError: without the extra ``train``
        ExportError: if the exported model does not equal the trained one
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
        recipe.name,
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
