"""Runs `subemo evaluate`."""

from __future__ import annotations

import click

from ....api import load_model
from ....core.cache import Cache
from ....core.errors import SettingsError
from ....research.evaluation.results import Comparison, Evaluation, disambiguated, folder_of
from ....research.evaluation.sets import LabelledSet, SetOptions, answer_set, measure_set, read_set
from ....research.evaluation.voiceless import evaluate_backgrounds
from ....research.films.protocol import evaluate_model
from ....research.outputs import check_new_results, write_evaluation, write_results
from ...options import EXIT_FAILURE, complain, in_options
from ...terminal import progress
from ..evaluate_options import TRAILER, VOICELESS, EvaluateOptions
from ..film_options import FILMS, FilmOptions
from .films import chosen_variants, ordered_films, show_films


def run(options: EvaluateOptions, films: FilmOptions) -> int:
    """Evaluates a model under the chosen protocol and prints the figures.

    Returns:
        the exit code: 1 if a figure is too low or a clip could not be classified

    Raises:
        click.UsageError: if options exclude each other
        SubemoError: or a subclass, with a message for the user
    """
    if options.output is not None:
        check_new_results(options.output, overwrite=options.overwrite)
    if options.protocol == FILMS:
        return _evaluate_on_films(options, films)
    if options.protocol == VOICELESS:
        return _evaluate_on_backgrounds(options)
    return _evaluate_on_clips(options)


def _evaluate_on_films(options: EvaluateOptions, films: FilmOptions) -> int:
    """Evaluates on films of corpora that the model was not trained on."""
    order = ordered_films(films, options.clips, seed=options.seed)
    with progress() as on_step:
        results = evaluate_model(
            order,
            load_model(options.model),
            variants=chosen_variants(films),
            work=options.work,
            out=options.output,
            on_step=on_step,
        )
    show_films(results, options.output or options.work)
    return 0


def _evaluate_on_backgrounds(options: EvaluateOptions) -> int:
    """Measures false tags on held-out backgrounds."""
    result = evaluate_backgrounds(
        options.clips, load_model(options.model), adaptation=options.adapt
    )
    click.echo(f"{result.model}: held-out backgrounds, adaptation {result.adaptation}")
    click.echo(f"  {result.found} at or above {result.threshold:.2f}")
    for kind, tags in result.found.by_kind.items():
        if tags:
            click.echo(f"  {kind}: {tags}")
    if options.output is not None:
        write_results(result.results(), options.output)
    return 0


def _evaluate_on_clips(options: EvaluateOptions) -> int:
    """Evaluates one or two models on labelled clips or segments of a film."""
    try:
        chosen = SetOptions(
            options.clips,
            labels=options.labels,
            layout=options.layout,
            ignore=options.ignore,
            is_trailer=options.protocol == TRAILER,
            versions=None if options.versions is None else int(options.versions),
            adaptation=options.adapt,
        )
    except SettingsError as error:
        raise click.UsageError(in_options(str(error))) from error
    labelled = read_set(chosen)
    for note in labelled.notes:
        complain("warning", note)
    models = options.compare or (options.model,)
    evaluations = disambiguated([_evaluated(labelled, one, options) for one in models], models)
    output = options.output
    for number, evaluation in enumerate(evaluations, 1):
        _show(evaluation)
        if output is not None:
            folder = output / folder_of(number, evaluation) if options.compare else output
            write_evaluation(evaluation, folder)
    if options.compare:
        comparison = Comparison.of(*evaluations)
        click.echo(str(comparison))
        if output is not None:
            write_results(comparison.results(), output)
    if output is not None:
        click.echo(f"Written: {output}")
    return _exit_code(evaluations, options)


def _evaluated(labelled: LabelledSet, model: str, options: EvaluateOptions) -> Evaluation:
    """Evaluates a model on the clips and reports clips with problems."""
    classifier = load_model(model)
    with progress() as on_step:
        answers = answer_set(
            labelled,
            classifier,
            cache=Cache(options.cache) if options.cache else None,
            audio_stream=options.audio_stream,
            on_step=on_step,
        )
    for clip, problem in answers.broken:
        complain("warning", problem if str(clip.path) in problem else f"{clip.path}: {problem}")
    evaluation = measure_set(labelled, classifier, answers, all_classes=options.all_classes)
    leaking = labelled.corpora_in_training(classifier)
    if leaking:
        complain(
            "warning",
            f"{classifier.bundle.name} was trained on {', '.join(leaking)}: "
            "these figures do not show accuracy on unseen speakers",
        )
    return evaluation


def _show(evaluation: Evaluation) -> None:
    click.echo(f"{evaluation.model}: {evaluation.protocol}, {evaluation.clips:,} clips")
    for figure in evaluation.figures.values():
        click.echo(f"  {figure.title:<34} {figure.percent}")
    click.echo(f"  95 % intervals: {evaluation.interval}")
    if evaluation.scored.missing:
        click.echo(f"  no clips, {evaluation.of_missing}: {', '.join(evaluation.scored.missing)}")


def _exit_code(evaluations: list[Evaluation], options: EvaluateOptions) -> int:
    """The exit code, given the required figures."""
    code = 0
    for evaluation in evaluations:
        for shortfall in evaluation.shortfalls(options.thresholds, skip_broken=options.skip_broken):
            complain("error", shortfall)
            code = EXIT_FAILURE
    return code
