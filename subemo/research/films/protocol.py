"""The film protocol for a model on unseen corpora, and for its recipe in folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.cache import Cache
from ...core.errors import CorpusError
from ...core.files import write_atomically
from ...core.progress import OnStep, Step, ignore
from ...model.classifier import Classifier
from ..corpora import Split
from ..training.training_data import read_data
from .building import BuiltFilm, FilmOrder, build_films
from .evaluation import Group, evaluate, figures_table
from .folds import FoldOptions, classifier_for
from .page import write_films_page
from .running import Variant, answer_films
from .splits import check_held_out


@dataclass(frozen=True, eq=False)
class FilmResults:
    """The results of models on films.

    Attributes:
        films: in the order of the corpora
        models: the name of the evaluated model, by corpus
        left_out: corpora skipped because the model was trained on them
        groups: the figures of each variant
    """

    films: tuple[BuiltFilm, ...]
    models: Mapping[str, str]
    left_out: tuple[str, ...]
    groups: Mapping[Variant, list[Group]]


def evaluate_model(
    order: FilmOrder,
    model: Classifier,
    *,
    variants: Sequence[Variant] = tuple(Variant),
    work: Path,
    out: Path | None = None,
    on_step: OnStep = ignore,
) -> FilmResults:
    """Evaluates a model on films of corpora that it was not trained on, without training.

    Corpora that it was trained on are skipped, unless the order names them.

    Args:
        order: the films
        model: the model
        variants: the ways to annotate them
        work: the folder of cached films (``films``)
        out: the folder of predictions and figures; None for *work*
        on_step: called with each step of progress

    Raises:
        CorpusError: if the model was trained on a named corpus or on all of
            them, or if data is missing
    """
    trained_on = model.bundle.training_corpora
    for corpus in order.corpora:
        check_held_out(corpus, trained_on)
    models = {corpus: model for corpus in order.names if corpus not in trained_on}
    if not models:
        raise CorpusError(
            f"{model.bundle.name} was trained on voices of {' and '.join(order.names)}",
            remedy="Use the protocol films of `subemo crossval`, which trains folds without them.",
        )
    return _evaluate_films(order, variants, models, work, out or work, on_step)


def evaluate_folds(
    order: FilmOrder,
    model: Classifier,
    *,
    variants: Sequence[Variant] = tuple(Variant),
    work: Path,
    out: Path | None = None,
    options: FoldOptions | None = None,
    on_step: OnStep = ignore,
) -> FilmResults:
    """Evaluates a model's recipe: for each corpus that it was trained on, a fold without it.

    Other corpora are evaluated with the model itself. Each fold is saved when it is
    done, and a later call resumes from there.

    Args:
        order: the films
        model: the model
        variants: the ways to annotate them
        work: the folder of cached features, folds (``folds``) and films (``films``)
        out: the folder of predictions and figures; None for *work*
        options: how folds are trained; other options than the model's are for choosing only
        on_step: called with each step of progress

    Raises:
        CorpusError: if a changed recipe is evaluated on films for reporting, or
            data is missing
        MissingExtraError: if a fold must be trained without the extra ``train``
    """
    options = options or FoldOptions()
    if order.split is Split.REPORTING and options != FoldOptions():
        raise CorpusError(
            "films for reporting must not be used to choose a recipe",
            remedy='Evaluate a changed recipe with `split="choosing"`.',
        )
    data = read_data(order.data)
    models = {
        corpus: classifier_for(corpus, model, data, work=work, options=options, on_step=on_step)
        for corpus in order.names
    }
    return _evaluate_films(order, variants, models, work, out or work, on_step)


def _evaluate_films(
    order: FilmOrder,
    variants: Sequence[Variant],
    models: Mapping[str, Classifier],
    work: Path,
    out: Path,
    on_step: OnStep,
) -> FilmResults:
    films = {}
    for done, corpus in enumerate(models):
        on_step(Step("films", done, len(models)))
        films[corpus] = build_films(order, corpus, work / "films")
    on_step(Step("films", len(models), len(models)))
    out.mkdir(parents=True, exist_ok=True)
    groups, answers = {}, {}
    cache = Cache(work / "answers")
    for variant in variants:
        answers[variant] = answer_films(
            films, models, variant, folder=out, cache=cache, on_step=on_step
        )
        groups[variant] = evaluate(answers[variant])
        table = figures_table(groups[variant]).encode()
        write_atomically(out / f"figures-{variant}.csv", table, overwrite=True)
    write_films_page(answers, groups, out)
    return FilmResults(
        tuple(film for of_corpus in films.values() for film in of_corpus),
        {corpus: model.bundle.name for corpus, model in models.items()},
        tuple(corpus for corpus in order.names if corpus not in models),
        groups,
    )
