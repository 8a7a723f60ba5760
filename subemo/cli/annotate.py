"""`subemo annotate`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import (
    PATH,
    audio_stream_option,
    complain,
    debug_option,
    encoding_option,
    form_of,
    model_option,
    overwrite_option,
    palette_of,
    policy_of,
    policy_options,
    words_said,
    writing_options,
)

if TYPE_CHECKING:
    from ..annotation import Annotation


@click.command()
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option("-o", "--output", type=PATH, help="Where to write.  [default: SUBS with .emo]")
@writing_options
@model_option
@policy_options()
@click.option(
    "--adapt",
    type=click.Choice(["none", "film"]),
    help="Standardise on the film's own cues.  [default: as the model says]",
)
@click.option("--all", "every", is_flag=True, help="The same as --policy every.")
@audio_stream_option
@encoding_option
@click.option(
    "--silence-threshold",
    type=float,
    metavar="DBFS",
    help="Without SUBS: what is this quiet is silence.  [default: found from the film]",
)
@click.option(
    "--min-silence",
    type=click.IntRange(min=10),
    metavar="MS",
    default=500,
    show_default=True,
    help="Without SUBS: shorter pauses do not cut.",
)
@click.option(
    "--padding",
    type=click.IntRange(min=0),
    metavar="MS",
    default=100,
    show_default=True,
    help="Without SUBS: kept around each sound.",
)
@overwrite_option
@click.option("-v", "--verbose", is_flag=True, help="List every cue, its tag, or why it has none.")
@debug_option
def annotate(
    video: Path,
    subs: Path | None,
    output: Path | None,
    form: str | None,
    colour: bool,
    style: Path | None,
    language: str | None,
    words: Path | None,
    model: str,
    config: Path | None,
    adapt: str | None,
    every: bool,
    audio_stream: int | None,
    encoding: str | None,
    silence_threshold: float | None,
    min_silence: int,
    padding: int,
    overwrite: bool,
    verbose: bool,
    **policy: Any,
) -> None:
    """Tag the subtitles SUBS of the film VIDEO with the emotion of the voice.

    Without SUBS the film is cut where it is silent, and the new subtitles hold
    the tags alone.
    """
    from ..annotation import outputs_of
    from ..files import check_writable
    from ..terminal import progress

    started = time.perf_counter()
    if every:
        policy["policy"] = "every"
    tag_policy = policy_of(config, policy)
    form = form_of(form, output, subs)
    colours = palette_of(colour, style, form)
    said = words_said(words, language, subs)
    target = output or _beside(subs or video, form)
    inputs = [video, *([subs] if subs else [])]
    for path in outputs_of(target, form):
        check_writable(path, inputs=inputs, overwrite=overwrite)

    from ..align import SilencePolicy
    from ..pipeline import annotate as annotate_film

    with progress() as on_step:
        annotation = annotate_film(
            video,
            subs,
            model=model,
            policy=tag_policy,
            silence=SilencePolicy(silence_threshold, min_silence, padding),
            adaptation=adapt,
            audio_stream=audio_stream,
            encoding=encoding,
            language=language,
            words=said,
            on_step=on_step,
        )
    annotation.save(target, form, colours=colours, overwrite=overwrite)
    for warning in annotation.warnings:
        complain("warning", warning)
    _show(annotation, target, time.perf_counter() - started, verbose=verbose)


def _beside(source: Path, form: str) -> Path:
    """Where the output goes when the user does not say: ``film.srt`` → ``film.emo.srt``."""
    from ..captions import FORMATS

    stem = source.stem.removesuffix(".emo")
    return source.with_name(f"{stem}.emo{FORMATS[form].suffix}")


def _show(annotation: Annotation, target: Path, seconds: float, *, verbose: bool) -> None:
    from ..terminal import cue_lines, summary

    if verbose:
        for line in cue_lines(annotation):
            click.echo(line)
        click.echo()
    click.echo(summary(annotation, seconds))
    click.echo(f"Written: {target}")
