"""`subemo evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ...core.errors import SettingsError
from ..command import Options, argument, command, flag, in_options, option
from ..options import AUDIO_STREAM, MODEL
from ..terminal import complain, progress, written_line
from .clips import IGNORE, LAYOUT
from .films import (
    FILM_GROUP,
    FILMS,
    MEASURED,
    OTHER,
    FilmProtocolOptions,
    refuse_options,
    run_on_films,
)

if TYPE_CHECKING:
    from ...research.evaluation.results import Evaluation
    from ...research.evaluation.sets import LabelledSet

CLIPS = "Clips"


def _threshold(text: str) -> tuple[str, float]:
    """The metric and the minimum of ``METRIC=VALUE``, for example ``uar=0.3``."""
    from ...research.evaluation.metrics import HIGHER_IS_BETTER

    metric, _, value = text.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if metric not in HIGHER_IS_BETTER or not 0 <= number <= 1:
        names = ", ".join(HIGHER_IS_BETTER)
        raise click.BadParameter(
            f"{text!r} is not METRIC=VALUE; METRIC is one of {names}, VALUE 0 to 1."
        )
    return metric, number


class _FilmOptions(Options, group=FILM_GROUP):
    seed: int = option("Random seed of the films.", low=0, default=0)
    work: Path = option("Folder for cached films.", metavar="DIR", default=Path("runs/films"))


class _EvaluateOptions(FilmProtocolOptions, _FilmOptions, group=CLIPS):
    clips: Path = argument()
    labels: Path | None = option("CLIPS is a film with these labelled segments.", metavar="CSV")
    layout: str | None = LAYOUT()
    ignore: tuple[str, ...] = IGNORE()
    model: str = MODEL(group=MEASURED)
    compare: tuple[str, str] | None = option(
        "Compare two models on the same clips.", nargs=2, metavar="A B", group=MEASURED
    )
    versions: Literal["1", "4"] | None = option(
        "Number of versions of each clip: 1 is the clip itself, 4 adds the augmentations of the 2024 report.  "
        "[default: 4 with --protocol trailer, else 1]"
    )
    adapt: Literal["none", "set", "film"] | None = option(
        "Standardise features on the clips (set), the clips shrunk towards the training data "
        "(film), or the training data (none).  "
        "[default: the model's setting]"
    )
    all_classes: bool = flag("Also count emotions as answers that no clip has.")
    protocol: Literal["trailer", "voiceless", "films"] | None = option(
        "trailer: the final test of the 2024 report. voiceless: CLIPS is a folder of "
        "backgrounds without voices. films: CLIPS is a folder with the corpora, backgrounds and text/meld.",
        group=MEASURED,
    )
    output: Path | None = option(
        "Folder for numbers and pictures.", "-o", metavar="DIR", group=MEASURED
    )
    overwrite: bool = flag("Replace an existing evaluation.", group=MEASURED)
    cache: Path | None = option("Cache features in this folder.", metavar="DIR")
    skip_broken: bool = flag("Do not fail on clips that cannot be classified.")
    thresholds: tuple[tuple[str, float], ...] = option(
        "Exit with 1 if the metric is below this; may be repeated.",
        "--fail-under",
        type=_threshold,
        metavar="METRIC=VALUE",
        group=MEASURED,
    )
    audio_stream: int | None = AUDIO_STREAM()


@command(groups=(MEASURED, CLIPS, FILM_GROUP, OTHER), help_in=MEASURED)
def evaluate(options: _EvaluateOptions) -> int:
    """Evaluate a model on labelled CLIPS.

    CLIPS is a folder or table of clips, or a film with --labels. Each figure comes
    with its protocol, the number of clips and a 95 % interval.
    """
    is_on_films = options.protocol == FILMS
    if is_on_films:
        refused = (CLIPS, "--compare", "--fail-under")
        refuse_options(refused, f"cannot be used with --protocol {FILMS}")
    else:
        refuse_options([FILM_GROUP], f"needs --protocol {FILMS}")
    from ...research.outputs import check_new_results

    if options.output is not None:
        check_new_results(options.output, overwrite=options.overwrite)
    if is_on_films:
        from ...research.films.protocol import evaluate_model

        run_on_films(
            evaluate_model,
            options,
            options.clips,
            model=options.model,
            seed=options.seed,
            work=options.work,
            out=options.output,
        )
        return 0
    return (_on_backgrounds if options.protocol == "voiceless" else _on_clips)(options)


def _on_backgrounds(options: _EvaluateOptions) -> int:
    """Measures false tags on held-out backgrounds."""
    from ...api import load_model
    from ...research.evaluation.voiceless import evaluate_backgrounds
    from ...research.outputs import write_results

    model = load_model(options.model)
    result = evaluate_backgrounds(options.clips, model, adaptation=options.adapt)
    click.echo(f"{result.model}: held-out backgrounds, adaptation {result.adaptation}")
    click.echo(f"  {result} at or above {result.threshold:.2f}")
    for kind, tags in result.by_kind.items():
        if tags:
            click.echo(f"  {kind}: {tags}")
    if options.output is not None:
        write_results(result.results(), options.output)
    return 0


def _on_clips(options: _EvaluateOptions) -> int:
    """Evaluates one or two models on labelled clips or segments of a film."""
    from ...research.evaluation.results import Comparison, disambiguated, folder_of
    from ...research.outputs import write_evaluation, write_results

    labelled = _labelled(options)
    complain("warning", *labelled.notes)
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
        click.echo(written_line(output))
    shortfalls = [
        shortfall
        for one in evaluations
        for shortfall in one.shortfalls(options.thresholds, skip_broken=options.skip_broken)
    ]
    complain("error", *shortfalls)
    return int(bool(shortfalls))


def _labelled(options: _EvaluateOptions) -> LabelledSet:
    from ...research.evaluation.sets import read_set

    try:
        return read_set(
            options.clips,
            labels=options.labels,
            layout=options.layout,
            ignore=options.ignore,
            is_trailer=options.protocol == "trailer",
            versions=None if options.versions is None else int(options.versions),
            adaptation=options.adapt,
        )
    except SettingsError as error:
        raise click.UsageError(in_options(str(error))) from error


def _evaluated(labelled: LabelledSet, model: str, options: _EvaluateOptions) -> Evaluation:
    """Evaluates a model on the clips and reports clips with problems."""
    from ...api import load_model
    from ...core.cache import Cache
    from ...research.evaluation.sets import answer_set, measure_set

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
