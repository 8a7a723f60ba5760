"""Fits a model's decision parameters on the validation films."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...core.progress import OnStep, Step, ignore
from ...core.settings import check_number
from ...model.bundle import Bundle
from ...model.classifier import Classifier
from ...model.decision import Witnesses
from ...witness import WordsWitness
from ..training.training_data import read_data
from .building import FilmOrder, build_films
from .evidence import film_evidence
from .fitting import FilmEvidence, fit_decision
from .folds import classifier_for
from .recipe import FilmRecipe
from .splits import CORPORA_OF, Split


@dataclass(frozen=True)
class CalibrationOptions:
    """The films on which a decision is fitted; validated when created.

    Attributes:
        data: a folder with the corpora, ``backgrounds`` and ``text/meld``
        work: folder of cached features, folds and films
        films: number of validation films from each corpus
        precision: target precision of shown tags, 0 to 1; None for
            `subemo.research.films.fitting.PRECISION`
        recipe: the recipe of the films

    Raises:
        SettingsError: if a number is invalid
    """

    data: Path
    work: Path
    films: int = 6
    precision: float | None = None
    recipe: FilmRecipe = field(default_factory=FilmRecipe)

    def __post_init__(self) -> None:
        check_number("films", self.films, low=1)
        if self.precision is not None:
            check_number("precision", self.precision, low=0, high=1, is_whole=False)


def calibrated(
    model: Classifier,
    witness: WordsWitness | None,
    options: CalibrationOptions,
    *,
    on_step: OnStep = ignore,
) -> Bundle:
    """Returns the model with fitted decision parameters.

    The evidence for a film comes from a fold trained without its corpus.

    Args:
        model: the voice model
        witness: the text model, not trained on validation dialogues; None for the voice alone
        options: the films to fit on
        on_step: called with each step of progress

    Raises:
        CorpusError: if data is missing, or no threshold reaches the precision
        MissingExtraError: if a fold must be trained without the extra ``train``
    """
    films = list(_films(model, witness, options, on_step))
    kinds = [Witnesses.VOICE, *([] if witness is None else [Witnesses.VOICE_AND_WORDS])]
    decision = {kind: fit_decision(films, kind, precision=options.precision) for kind in kinds}
    return replace(model.bundle, decision=decision)


def _films(
    model: Classifier, witness: WordsWitness | None, options: CalibrationOptions, on_step: OnStep
) -> Iterator[FilmEvidence]:
    data = read_data(options.data)
    corpora = CORPORA_OF[Split.CHOOSING]
    for done, corpus in enumerate(corpora):
        on_step(Step("films", done, len(corpora)))
        fold = classifier_for(corpus, model, data, work=options.work, on_step=on_step)
        order = FilmOrder(options.data, corpus, Split.CHOOSING, options.films, options.recipe)
        built = build_films(order, options.work / "films")
        yield from film_evidence({corpus: built}, {corpus: fold}, witness)
    on_step(Step("films", len(corpora), len(corpora)))
