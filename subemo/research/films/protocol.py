"""The film protocol for a model on unseen corpora, and for its recipe in folds; the page of its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ...core.cache import Cache
from ...core.emotions import EMOTIONS, Emotion
from ...core.errors import CorpusError
from ...core.files import write_atomically
from ...core.progress import OnStep, Step, ignore
from ...model.classifier import Classifier
from ...render.canvas import Theme
from .. import pages
from ..corpora import Split
from ..evaluation.metrics import Scored, score
from ..plots import scored as pictures
from ..training.training_data import read_data
from .answers import FilmAnswers, Variant, answer_films, check_held_out
from .building import BuiltFilm, FilmOrder, build_films
from .evaluation import Group, GroupBy, evaluate, figures_table
from .folds import FoldOptions, classifier_for

#: What is shown of each film, and what its axis is called.
_SHOWN = {
    "right of shown tags": "tags that are right (%)",
    "emotional cues under a right tag": "emotional cues under a right tag (%)",
    "false tags per 100 neutral cues": "tags on 100 neutral cues",
}
_LARGE = (*_SHOWN, "accuracy of a cue", "calibration error of shown tags")
#: A metric that is a number for each 100 already.
_PER_100 = "per 100"


def films_page(
    answers: Mapping[Variant, FilmAnswers], groups: Mapping[Variant, Sequence[Group]]
) -> str:
    """The page, as HTML."""
    parts = [
        pages.paragraph(
            "Films are made of dialogues, acted clips and backgrounds; a model annotates them as it would any film. "
            "In brackets, and as strokes: 95 % intervals by a bootstrap over dialogues. Calm counts as neutral."
        )
    ]
    for variant, of_variant in groups.items():
        parts += _variant(variant, answers[variant], of_variant)
    parts.append(
        pages.paragraph("A tag says how a voice sounds to a listener, not what a person feels.")
    )
    return pages.page("Films", *parts)


def _variant(variant: str, answers: FilmAnswers, groups: Sequence[Group]) -> list[str]:
    every = groups[0]
    large = [(name, *_written(every, name)) for name in _LARGE]
    rows = [group for group in groups if group.by in (GroupBy.ALL, GroupBy.CORPUS, GroupBy.FILM)]
    names = ["all films" if group.by is GroupBy.ALL else group.name for group in rows]
    drawn = [
        pages.section(
            metric[0].upper() + metric[1:],
            pages.picture(
                partial(_rows, names, [_shares(group, metric) for group in rows], label),
                f"{label[0].upper()}{label[1:]}, in all films, those of each corpus, and each film.",
            ),
        )
        for metric, label in _SHOWN.items()
    ]
    scored = scored_answers(answers)
    of_cues: list[str] = []
    if scored is not None:
        of_cues = [
            pages.section(title, pages.picture(partial(draw, scored), text))
            for title, draw, text in (
                ("Confusion matrix", pictures.confusion_matrix,
                 "Predicted emotion (columns) by true emotion (rows) of the cues, in percent of the row."),
                ("Calibration", pictures.reliability,
                 "Accuracy of the predicted emotion by confidence."),
                ("Most confident predictions", pictures.risk_coverage,
                 "Accuracy if only the most confident cues are counted."),
            )
        ]  # fmt: skip
    counts = every.counts
    return [
        f"<h2>{variant}</h2>",
        pages.paragraph(
            f"{counts['cues']:,} cues, {counts['emotional']:,} of them emotional, of "
            f"{counts['dialogues']:,} dialogues; {counts['shown']:,} tags."
        ),
        pages.figures(large),
        pages.beside(*drawn, columns=3),
        pages.beside(*of_cues, columns=3),
    ]


def scored_answers(answers: FilmAnswers) -> Scored | None:
    """The likeliest emotions of all cues as labelled answers, calm as neutral; None of no cue.

    Args:
        answers: to films; cues without an answer are left out
    """
    rows = np.flatnonzero(~np.isnan(answers.joint).any(axis=1))
    if not rows.size:
        return None
    truth = [EMOTIONS[place] for place in answers.truth[rows]]
    folded = [Emotion.NEUTRAL if emotion is Emotion.CALM else emotion for emotion in truth]
    joint = answers.joint[rows]
    return score(
        folded,
        joint / joint.sum(axis=1, keepdims=True),
        groups=answers.dialogues[rows].tolist(),
        grouped_by="dialogue",
    )


def _rows(
    names: Sequence[str],
    shares: Sequence[tuple[float, float, float]],
    label: str,
    theme: Theme,
) -> object:
    ends = [high for _, _, high in shares if not np.isnan(high)]
    # A few false tags in a hundred would be a dot at the edge of the whole scale.
    most = min(100.0, 10.0 * np.ceil(10 * max(ends, default=1.0) + 0.1))
    return pictures.intervals(names, shares, theme, label=label, most=most)


def _shares(group: Group, metric: str) -> tuple[float, float, float]:
    """The value and its interval, 0 to 1."""
    figure = group.figures[metric]
    per = 100 if _PER_100 in metric else 1
    return figure.value / per, figure.low / per, figure.high / per


def _written(group: Group, metric: str) -> tuple[str, str]:
    value, low, high = (100 * share for share in _shares(group, metric))
    if np.isnan(value):
        return "–", ""
    unit = "" if _PER_100 in metric else " %"
    return f"{value:.1f}{unit}", f"[{low:.1f}, {high:.1f}]"


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
    if find_spec("matplotlib") is not None:
        page = films_page(answers, groups).encode()
        write_atomically(out / "index.html", page, overwrite=True)
    return FilmResults(
        tuple(film for of_corpus in films.values() for film in of_corpus),
        {corpus: model.bundle.name for corpus, model in models.items()},
        tuple(corpus for corpus in order.names if corpus not in models),
        groups,
    )
