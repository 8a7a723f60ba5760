"""`subemo evaluate`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.errors import CorpusError, OutputError
from ..options import (
    EXIT_FAILURE,
    PATH,
    audio_stream_option,
    complain,
    debug_option,
    ignore_option,
    layout_option,
    model_option,
)

if TYPE_CHECKING:
    from ...research.corpora import Clip
    from ...research.evaluation.clip_answers import Answers
    from ...research.outputs import Evaluation

_HIGHER_IS_BETTER = ("accuracy", "uar", "f1", "strong_accuracy", "other_accuracy")


class _Threshold(click.ParamType[tuple[str, float]]):
    """``METRIC=VALUE``, for example ``uar=0.3``."""

    name = "metric=value"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The metric's name and the least value of it."""
        metric, _, text = str(value).partition("=")
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if metric not in _HIGHER_IS_BETTER or not 0 <= number <= 1:
            names = ", ".join(_HIGHER_IS_BETTER)
            self.fail(f"{value!r} is not METRIC=VALUE, with one of {names} and 0 to 1.", param, ctx)
        return metric, number


@click.command()
@click.argument("clips", type=PATH)
@click.option("--labels", type=PATH, metavar="CSV", help="CLIPS is a film, with these stretches.")
@layout_option
@ignore_option
@model_option
@click.option("--compare", nargs=2, metavar="A B", help="Two models on the same clips.")
@click.option(
    "--versions", type=click.Choice(["1", "4"]), help="4 adds the report's augmentations."
)
@click.option(
    "--adapt",
    type=click.Choice(["none", "set", "film"]),
    help="Standardise on the clips themselves.  [default: as the model says]",
)
@click.option("--all-classes", is_flag=True, help="Score classes without clips, too.")
@click.option(
    "--protocol",
    type=click.Choice(["trailer", "voiceless"]),
    help="The report's final test; or CLIPS is a folder of backgrounds, without a voice.",
)
@click.option("-o", "--output", type=PATH, metavar="DIR", help="Where numbers and pictures go.")
@click.option("--overwrite", is_flag=True, help="Replace an evaluation that is there.")
@click.option("--cache", type=PATH, metavar="DIR", help="Keep features here, for another time.")
@click.option("--skip-broken", is_flag=True, help="Clips that cannot be judged are no failure.")
@click.option(
    "--fail-under",
    "thresholds",
    type=_Threshold(),
    multiple=True,
    metavar="METRIC=VALUE",
    help="Exit with 1 where a figure is lower.",
)
@audio_stream_option
@debug_option
def evaluate(
    clips: Path,
    labels: Path | None,
    layout: str | None,
    ignore: tuple[str, ...],
    model: str,
    compare: tuple[str, str] | None,
    versions: str | None,
    adapt: str | None,
    all_classes: bool,
    protocol: str | None,
    output: Path | None,
    overwrite: bool,
    cache: Path | None,
    skip_broken: bool,
    thresholds: tuple[tuple[str, float], ...],
    audio_stream: int | None,
) -> int:
    """Measure a model on labelled CLIPS: a folder, a table of clips, or a film with --labels.

    Figures carry their protocol, the number of clips and a 95 % interval.
    """
    if labels and (layout or versions == "4"):
        raise click.UsageError(
            "--labels is for a film as it is: leave out --corpus, and for --versions 4 cut it "
            "with `subemo clips` first."
        )
    if output is not None and (output / "results.json").exists() and not overwrite:
        raise OutputError(
            "there is an evaluation already", path=output, remedy="Use --overwrite, or another -o."
        )
    if protocol == "voiceless":
        return _voiceless(clips, model, adapt, output)
    from ...research.corpora import read_corpus
    from ...research.evaluation import trailer
    from ...research.evaluation.labels import read_labels

    if labels:
        chosen = read_labels(labels, clips, ignore=ignore)
    else:
        reading = read_corpus(clips, corpus=layout, ignore=ignore)
        chosen = reading.clips
        for label, count in reading.ignored.items():
            complain("warning", f"{count} clips of {label} were left out, as asked")
    count = int(versions or 1)
    name = clips.name or str(clips)
    if protocol == "trailer":
        name = f"{name}, the report's trailer test"
        count = int(versions or (1 if labels else trailer.VERSIONS))
        adapt = adapt or trailer.ADAPTATION
        for difference in trailer.differences(chosen):
            complain("warning", difference)

    evaluations = [
        _evaluate(name, one, chosen, labels, count, adapt, all_classes, cache, audio_stream)
        for one in compare or (model,)
    ]
    if len({evaluation.model for evaluation in evaluations}) < len(evaluations):
        # Two trainings of one recipe bear one name: tell them apart as the user did.
        pairs = zip(evaluations, compare or (), strict=True)
        evaluations = [replace(evaluation, model=given) for evaluation, given in pairs]
    for number, evaluation in enumerate(evaluations, 1):
        _show(evaluation)
        if output is not None:
            name = f"{number}-{Path(evaluation.model).name}"
            evaluation.write(output / name if compare else output)
    if compare:
        _show_comparison(evaluations, output)
    if output is not None:
        click.echo(f"Written: {output}")
    return _verdict(evaluations, thresholds, skip_broken=skip_broken)


def _voiceless(root: Path, model: str, adapt: str | None, output: Path | None) -> int:
    """False tags on the backgrounds that no training of ours has heard."""
    import json

    from ...analysis.answers import one_blas_thread
    from ...api import load_model
    from ...core.files import write_atomically
    from ...research.corpora.backgrounds import read_backgrounds, without_people
    from ...research.evaluation.voiceless import false_tags
    from ...tagging.policy import TagPolicy

    classifier = load_model(model)
    _, held_out = read_backgrounds(root)
    with one_blas_thread():
        found = false_tags(
            without_people(held_out.files), classifier, adaptation=adapt, policy=TagPolicy()
        )
    adaptation = adapt or classifier.bundle.adaptation
    click.echo(f"{classifier.bundle.name}: backgrounds unheard, adaptation {adaptation}")
    click.echo(f"  {found}, from {classifier.bundle.threshold:.2f} on")
    for kind, tags in found.by_kind.items():
        if tags:
            click.echo(f"  {kind}: {tags}")
    if output is not None:
        low, high = found.interval
        content = {
            "model": classifier.bundle.name,
            "adaptation": adaptation,
            "threshold": classifier.bundle.threshold,
            "cues": found.cues,
            "tags": found.tags,
            "by_kind": found.by_kind,
            "per_minute": {"value": found.per_minute, "low": low, "high": high},
        }
        output.mkdir(parents=True, exist_ok=True)
        data = (json.dumps(content, indent=1) + "\n").encode()
        write_atomically(output / "results.json", data, overwrite=True)
    return 0


def _evaluate(
    name: str,
    model: str,
    clips: list[Clip],
    labels: Path | None,
    versions: int,
    adapt: str | None,
    all_classes: bool,
    cache: Path | None,
    audio_stream: int | None,
) -> Evaluation:
    from ...analysis.answers import one_blas_thread
    from ...api import load_model
    from ...core.cache import Cache
    from ...research.evaluation.clip_answers import answer_clips, answer_film
    from ...research.outputs import Evaluation
    from ..terminal import progress

    classifier = load_model(model)
    with progress() as on_step, one_blas_thread():
        answers: Answers
        if labels:
            answers = answer_film(
                clips[0].path,
                clips,
                classifier,
                adaptation=adapt,
                audio_stream=audio_stream,
                on_step=on_step,
            )
        else:
            answers = answer_clips(
                clips,
                classifier,
                versions=versions,
                adaptation=adapt,
                cache=Cache(cache) if cache else None,
                on_step=on_step,
            )
    for clip, problem in answers.broken:
        complain("warning", problem if str(clip.path) in problem else f"{clip.path}: {problem}")
    if not answers.clips:
        raise CorpusError("none of these clips could be judged", path=clips[0].path.parent)
    heard = sorted({clip.corpus for clip in clips} & classifier.bundle.training_corpora)
    if heard:
        name = f"{name} (leaks: {', '.join(heard)} heard in training)"
        complain(
            "warning",
            f"{classifier.bundle.name} learnt from {', '.join(heard)}: this is no accuracy on "
            "new speakers",
        )
    return Evaluation.of(name, classifier.bundle.name, answers, all_classes=all_classes)


def _show(evaluation: Evaluation) -> None:
    click.echo(
        f"{evaluation.model}: {evaluation.protocol}, {len(evaluation.answers.clips):,} clips"
    )
    for figure in evaluation.figures.values():
        click.echo(f"  {figure.title:<34} {figure.percent}")
    click.echo(f"  95 % intervals: {next(iter(evaluation.figures.values())).interval}")
    if evaluation.scored.missing:
        click.echo(f"  no clips, so in no average: {', '.join(evaluation.scored.missing)}")


def _show_comparison(evaluations: list[Evaluation], output: Path | None) -> None:
    import json

    from ...core.files import write_atomically
    from ...research.evaluation.metrics import mcnemar

    first, second = evaluations
    test = mcnemar(first.scored, second.scored)
    click.echo(
        f"only {first.model} right: {test['only_first_right']} clips; "
        f"only {second.model}: {test['only_second_right']}; McNemar's test, p = {test['p']:.3g}"
    )
    if output is not None:
        content = {"first": first.model, "second": second.model, **test}
        data = (json.dumps(content, indent=1) + "\n").encode()
        write_atomically(output / "results.json", data, overwrite=True)


def _verdict(
    evaluations: list[Evaluation],
    thresholds: tuple[tuple[str, float], ...],
    *,
    skip_broken: bool,
) -> int:
    code = 0
    for evaluation in evaluations:
        broken = len(evaluation.answers.broken)
        if broken and not skip_broken:
            total = broken + len(set(evaluation.answers.clips))
            complain("error", f"{broken} of {total} clips could not be judged (--skip-broken)")
            code = EXIT_FAILURE
        for metric, least in thresholds:
            figure = evaluation.figures.get(metric)
            if figure is None or figure.value < least:
                shown = "not defined here" if figure is None else figure.percent
                complain("error", f"{evaluation.model}: {metric} is {shown}, under {least:g}")
                code = EXIT_FAILURE
    return code
