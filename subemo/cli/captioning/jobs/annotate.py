"""Runs `subemo annotate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from .... import render
from ....analysis.film import open_film
from ....batch import FILM_SUFFIXES
from ....core.files import check_writable, write_atomically
from ....core.progress import OnStep
from ....core.scratch import sweep
from ....core.times import Stopwatch
from ....formats import FORMATS
from ....formats.finished import Captions
from ....formats.naming import tagged_path
from ....formats.registry import BY_SUFFIX, COLOURED, form_for, form_of
from ....formats.writing import check_captions_writable, outputs_of, write_captions
from ....render.canvas import render as render_picture
from ....render.film_plot import film_plot
from ....sources.lookup import SubtitleTrack
from ....tagging.annotation import AnnotatedFilm
from ....tagging.colours import Palette, palette_of, read_palette
from ....tagging.policy import TagPolicy
from ....tagging.vocabulary import Wording
from ....transcription.whisper import Transcriber
from ...options import complain, picture_form
from ...terminal import cue_lines, progress, summary
from ..option_groups import (
    Coloured,
    InputOptions,
    ModelOptions,
    OutputOptions,
    PolicyOptions,
    RenderOptions,
    SplitOptions,
    WordingOptions,
)
from .analysis import analysis_options, refuse_unshown_sounds, split_policy
from .inputs import (
    named,
    own_vocabulary,
    refuse_coloured_words,
    subtitles_of,
    vocabulary_with_own,
)
from .judged import annotate_judged


def run(
    film: InputOptions,
    policy: PolicyOptions,
    wording: WordingOptions,
    model: ModelOptions,
    split: SplitOptions,
    outputs: OutputOptions,
    renders: RenderOptions,
) -> None:
    """Annotates a film and prints a summary.

    Args:
        film: the film and its subtitles
        policy: when a tag is shown
        wording: the wording of the tags
        model: the model and how it is used
        split: how a film without subtitles is segmented
        outputs: how and where captions are written
        renders: films and pictures to write

    Raises:
        SubemoError: or a subclass, with a message for the user
        click.UsageError: if options exclude each other
    """
    watch = Stopwatch()
    _refuse_swapped(film)
    refuse_unshown_sounds(model, policy.policy())
    plan = _plan(film, policy, wording, outputs, renders, inputs=model.files)
    sweep()
    notes: list[str] = []
    with progress() as on_step:
        found = annotate_judged(
            open_film(film.video, audio_stream=film.audio_stream),
            plan.source,
            film.judged,
            model=model.model,
            policy=plan.policy,
            options=analysis_options(
                model,
                transcriber=_transcriber(plan.source, split, wording.language),
                split=split_policy(split),
                on_note=notes.append,
            ),
            wording=plan.wording,
            on_step=on_step,
        )
        captions = found.proven(plan.form, colours=plan.colours)
        films = _render(captions.annotation, renders, plan, on_step)
    pictures = _draw(captions.annotation, renders.plot, plan)
    written = [*_write(captions, plan), *films, *pictures]
    _show_warnings(captions.annotation, notes if outputs.verbose else ())
    _show(captions.annotation, written, watch.seconds, outputs)


@dataclass(frozen=True)
class _Plan:
    """The checked outputs: what is written, where and how.

    Attributes:
        policy: when a tag is shown
        source: the film's subtitles
        form: the captions' format
        target: the output file; None for standard output
        colours: of the tags, or None
        wording: the wording of the tags
        picture: the picture's format, or None
        overwrite: whether existing files may be replaced
    """

    policy: TagPolicy
    source: SubtitleTrack | None
    form: str
    target: Path | None
    colours: Palette | None
    wording: Wording
    picture: str | None
    overwrite: bool


def _plan(
    film: InputOptions,
    policy: PolicyOptions,
    wording: WordingOptions,
    outputs: OutputOptions,
    renders: RenderOptions,
    *,
    inputs: Sequence[Path],
) -> _Plan:
    """Reads the subtitles and checks all outputs before any work; *inputs* are never replaced."""
    tag_policy, language = policy.policy(), wording.language
    source = subtitles_of(film, language=language, words=vocabulary_with_own(wording, film.judged))
    form = _form(outputs, source)
    colours = _palette(outputs, form, tag_policy.preset, has_film=bool(renders.films))
    said = own_vocabulary(wording, source)
    read_from = source.path if source and source.path else film.video
    more = (film.judged, wording.words, outputs.style, renders.font, policy.file)
    inputs = named(*inputs, film.video, read_from, *more)
    target = None
    if not outputs.is_stdout:
        target = outputs.output or tagged_path(read_from, FORMATS[form].suffixes[0])
        check_captions_writable(target, form, inputs=inputs, overwrite=outputs.overwrite)
    wanted = [*renders.films.values(), *([renders.plot] if renders.plot else [])]
    for path in wanted:
        check_writable(path, inputs=inputs, overwrite=outputs.overwrite)
    _refuse_shared([*([] if target is None else outputs_of(target, form)), *wanted])
    return _Plan(
        policy=tag_policy,
        source=source,
        form=form,
        target=target,
        colours=colours,
        wording=Wording(language, said),
        picture=None if renders.plot is None else picture_form(renders.plot),
        overwrite=outputs.overwrite,
    )


def _form(outputs: OutputOptions, source: SubtitleTrack | None) -> str:
    """The output format: from --format, the output's name, or the subtitles."""
    form = form_of(None if source is None else source.document)
    if outputs.output is None or outputs.is_stdout:
        return outputs.form or form
    _refuse_film_name(outputs.output)
    return form_for(outputs.output, outputs.form, default=form)


def _palette(outputs: OutputOptions, form: str, preset: str, *, has_film: bool) -> Palette | None:
    """The colours, or None.

    Raises:
        click.UsageError: if the format has no colours, or the preset uses them for speakers
        SettingsError: if the file of custom colours is invalid
    """
    if outputs.colour is None and outputs.style is None:
        return None
    refuse_coloured_words(outputs.colour, preset)
    if form not in COLOURED and not has_film:
        raise click.UsageError(
            f"{form} has no colours; choose --format {' or '.join(sorted(COLOURED))}."
        )
    palette = palette_of(preset) if outputs.style is None else read_palette(outputs.style)
    return replace(palette, of_words=outputs.colour == Coloured.WORDS)


def _refuse_swapped(film: InputOptions) -> None:
    """Refuses swapped arguments, judged by the file names."""
    video, subs = film.video, film.subs
    if (
        subs is not None
        and video.suffix.lower() in BY_SUFFIX
        and subs.suffix.lower() in FILM_SUFFIXES
    ):
        raise click.UsageError(
            f"The film comes first, then its subtitles: subemo annotate {subs} {video}"
        )


def _refuse_film_name(target: Path) -> None:
    if target.suffix.lower() in FILM_SUFFIXES:
        raise click.UsageError(
            f"-o names the subtitle file, but {target.name} is a film's name; "
            "use --mux or --burn to write films."
        )


def _refuse_shared(targets: Sequence[Path]) -> None:
    """Refuses two outputs with the same path."""
    seen: set[Path] = set()
    for target in targets:
        place = target.absolute()
        place = place.parent.resolve() / place.name
        if place in seen:
            raise click.UsageError(f"Two outputs would be written to {target}.")
        seen.add(place)


def _transcriber(
    source: SubtitleTrack | None, split: SplitOptions, language: str | None
) -> Transcriber | None:
    """The speech recogniser for a film without subtitles."""
    if source is not None or not split.transcribe:
        return None
    return Transcriber(split.whisper, language=language)


def _render(
    annotation: AnnotatedFilm, renders: RenderOptions, plan: _Plan, on_step: OnStep
) -> list[Path]:
    """Writes the requested films and returns their paths."""
    makers: dict[str, Callable[..., None]] = {
        "mux": render.mux,
        "burn": partial(render.burn, font=renders.font),
        "timeline": partial(render.timeline, font=renders.font),
    }
    for name, path in renders.films.items():
        makers[name](
            annotation, path, colours=plan.colours, overwrite=plan.overwrite, on_step=on_step
        )
    return list(renders.films.values())


def _draw(annotation: AnnotatedFilm, plot: Path | None, plan: _Plan) -> list[Path]:
    """Writes the requested picture and returns its path."""
    if plot is None or plan.picture is None:
        return []
    picture = render_picture(film_plot(annotation, colours=plan.colours), plan.picture)
    write_atomically(plot, picture, overwrite=plan.overwrite)
    return [plot]


def _write(captions: Captions, plan: _Plan) -> list[Path]:
    """Writes the captions and returns their path."""
    if plan.target is not None:
        write_captions(captions, plan.target, overwrite=plan.overwrite)
        return [plan.target]
    sys.stdout.buffer.write(captions.data)
    if captions.record is not None:
        complain(
            "note",
            f"{plan.form} on standard output comes without a record, so strip cannot undo it",
        )
    return []


def _show_warnings(annotation: AnnotatedFilm, notes: Iterable[str]) -> None:
    """Prints warnings and notes about the film to standard error."""
    if annotation.transcriber is not None:
        complain(
            "note", f"the text was transcribed by {annotation.transcriber}; proofread it before use"
        )
    for warning in annotation.warnings:
        complain("warning", warning)
    for note in notes:
        complain("note", note)


def _show(
    annotation: AnnotatedFilm, written: Sequence[Path], seconds: float, outputs: OutputOptions
) -> None:
    """Prints the summary, to standard error if standard output has the captions."""
    to_stderr = outputs.is_stdout
    if outputs.verbose:
        for line in cue_lines(annotation):
            click.echo(line, err=to_stderr)
        click.echo(err=to_stderr)
    click.echo(summary(annotation, seconds), err=to_stderr)
    if written:
        click.echo(f"Written: {', '.join(map(str, written))}", err=to_stderr)
