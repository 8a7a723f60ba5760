"""The film protocol for a model on unseen corpora, and for its recipe in folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...core.cache import Cache
from ...core.errors import CorpusError
from ...core.files import write_atomically
from ...core.progress import OnStep, Step, ignore
from ...core.settings import check_number
from ...model.classifier import Classifier
from ..training.training_data import read_data
from .building import BuiltFilm, FilmOrder, build_films
from .evaluation import Group, evaluate, figures_table
from .folds import FoldOptions, classifier_for
from .page import write_films_page
from .recipe import FilmRecipe
from .running import Variant, answer_films
from .splits import CORPORA_OF, Split, check_corpus, check_held_out


@dataclass(frozen=True)
class FilmProtocol:
    """Which films are made and how they are annotated; validated when created.

    Attributes:
        data: a folder with the corpora, ``backgrounds`` and ``text/meld``
        split: the split of the films
        corpora: the corpora of the voices; empty for all of the split
        films: number of films from each corpus
        recipe: the recipe of the films
        variants: the ways to annotate them

    Raises:
        CorpusError: if a corpus is not in the split
        SettingsError: if a number is invalid

    Example:
        >>> FilmProtocol(Path("data"), Split.CHOOSING).names
        ('ravdess', 'savee')
        >>> FilmProtocol(Path("data"), Split.CHOOSING, ("casia",))
        Traceback (most recent call last):
        subemo.core.errors.CorpusError: casia is for evaluation only: not for choosing. Leave it out.
    """

    data: Path
    split: Split = Split.REPORTING
    corpora: tuple[str, ...] = ()
    films: int = 2
    recipe: FilmRecipe = field(default_factory=FilmRecipe)
    variants: tuple[Variant, ...] = tuple(Variant)

    def __post_init__(self) -> None:
        for corpus in self.corpora:
            check_corpus(corpus, self.split)
        check_number("films", self.films, low=1)

    @property
    def names(self) -> tuple[str, ...]:
        """The corpora of the films' voices."""
        return self.corpora or CORPORA_OF[self.split]


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
    protocol: FilmProtocol,
    model: Classifier,
    *,
    work: Path,
    out: Path | None = None,
    on_step: OnStep = ignore,
) -> FilmResults:
    """Evaluates a model on films of corpora that it was not trained on, without training.

    Corpora that it was trained on are skipped, unless the protocol names them.

    Args:
        protocol: the films and how they are annotated
        model: the model
        work: the folder of cached films (``films``)
        out: the folder of predictions and figures; None for *work*
        on_step: called with each step of progress

    Raises:
        CorpusError: if the model was trained on a named corpus or on all of
            them, or if data is missing
    """
    trained_on = model.bundle.training_corpora
    for corpus in protocol.corpora:
        check_held_out(corpus, trained_on)
    held_out = [corpus for corpus in protocol.names if corpus not in trained_on]
    if not held_out:
        raise CorpusError(
            f"{model.bundle.name} was trained on voices of {' and '.join(protocol.names)}",
            remedy="Use the protocol films of `subemo crossval`, which trains folds without them.",
        )
    left_out = tuple(corpus for corpus in protocol.names if corpus in trained_on)
    return _evaluate_films(
        protocol, dict.fromkeys(held_out, model), left_out, work, out or work, on_step
    )


def evaluate_folds(
    protocol: FilmProtocol,
    model: Classifier,
    *,
    work: Path,
    out: Path | None = None,
    options: FoldOptions | None = None,
    on_step: OnStep = ignore,
) -> FilmResults:
    """Evaluates a model's recipe: for each corpus that it was trained on, a fold without it.

    Other corpora are evaluated with the model itself. Each fold is saved when it is
    done, and a later call resumes from there.

    Args:
        protocol: the films and how they are annotated
        model: the model
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
    if protocol.split is Split.REPORTING and options != FoldOptions():
        raise CorpusError(
            "films for reporting must not be used to choose a recipe",
            remedy='Evaluate a changed recipe with `split="choosing"`.',
        )
    data = read_data(protocol.data)
    models = {
        corpus: classifier_for(corpus, model, data, work=work, options=options, on_step=on_step)
        for corpus in protocol.names
    }
    return _evaluate_films(protocol, models, (), work, out or work, on_step)


def _evaluate_films(
    protocol: FilmProtocol,
    models: Mapping[str, Classifier],
    left_out: tuple[str, ...],
    work: Path,
    out: Path,
    on_step: OnStep,
) -> FilmResults:
    films = {}
    for done, corpus in enumerate(models):
        on_step(Step("films", done, len(models)))
        order = FilmOrder(protocol.data, corpus, protocol.split, protocol.films, protocol.recipe)
        films[corpus] = build_films(order, work / "films")
    on_step(Step("films", len(models), len(models)))
    out.mkdir(parents=True, exist_ok=True)
    groups, answers = {}, {}
    cache = Cache(work / "answers")
    for variant in protocol.variants:
        answers[variant] = answer_films(
            films, models, variant, folder=out, cache=cache, on_step=on_step
        )
        groups[variant] = evaluate(answers[variant])
        table = figures_table(groups[variant]).encode()
        write_atomically(out / f"figures-{variant}.csv", table, overwrite=True)
    write_films_page(answers, groups, out)
    every = tuple(film for of_corpus in films.values() for film in of_corpus)
    names = {corpus: model.bundle.name for corpus, model in models.items()}
    return FilmResults(every, names, left_out, groups)
