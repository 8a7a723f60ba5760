"""`subemo annotate`."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..grouped import GroupedCommand
from ..options import (
    PATH,
    adapt_option,
    audio_stream_option,
    cache_option,
    complain,
    debug_option,
    encoding_option,
    form_of,
    model_option,
    overwrite_option,
    palette_of,
    picture_form,
    policy_of,
    policy_options,
    words_said,
    writing_options,
)
from .analysis import analysis_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...core.progress import OnStep
    from ...sources.lookup import SubtitleTrack
    from ...tagging.annotation import AnnotatedFilm
    from ...tagging.colours import Palette
    from ...tagging.vocabulary import Words


_GROUPS = {
    "Most used": (
        "--output", "--format", "--overwrite", "--policy", "--preset", "--language", "--mux", "--burn",
        "--verbose", "--help",
    ),
    "Input": ("--subs", "--encoding", "--audio-stream"),
    "What is shown": (
        "--all", "--min-confidence", "--strong-confidence", "--repeat-after", "--cues-per-tag",
        "--time-per-tag", "--adapt", "--model", "--config",
    ),
    "How it looks": (
        "--words", "--colour", "--style", "--audience", "--chars-per-second", "--chars-per-line",
        "--max-lines", "--extend", "--extend-by", "--font",
    ),
    "Films and pictures": ("--timeline", "--plot"),
    "Films without subtitles": (
        "--split", "--transcribe", "--whisper", "--silence-threshold", "--min-silence", "--padding",
    ),
    "Speed and faults": ("--cache", "--debug"),
}  # fmt: skip


@click.command(cls=GroupedCommand, groups=_GROUPS)
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option(
    "-o",
    "--output",
    type=PATH,
    help="Where to write; - for standard output.  [default: SUBS with .emo]",
)
@writing_options
@model_option
@policy_options()
@adapt_option
@click.option("--all", "every", is_flag=True, help="The same as --policy every.")
@audio_stream_option
@click.option(
    "--subs",
    "wish",
    metavar="embedded[:N]|none",
    help="A track of the film; or none, though there are some.",
)
@encoding_option
@click.option(
    "--split",
    type=click.Choice(["speech", "silence"]),
    default="speech",
    show_default=True,
    help="Where a film without subtitles is cut.",
)
@click.option(
    "--transcribe/--no-transcribe",
    default=True,
    help="Without subtitles: write down what is said.  [default: transcribe]",
)
@click.option(
    "--whisper",
    type=PATH,
    metavar="DIR",
    help="Who writes it down, in CTranslate2's form.  [default: tiny.en, English alone]",
)
@click.option(
    "--silence-threshold",
    type=float,
    metavar="DBFS",
    help="--split silence: what is this quiet is silence.  [default: found from the film]",
)
@click.option(
    "--min-silence",
    type=click.IntRange(min=10),
    metavar="MS",
    default=500,
    show_default=True,
    help="--split silence: shorter pauses do not cut.",
)
@click.option(
    "--padding",
    type=click.IntRange(min=0),
    metavar="MS",
    default=100,
    show_default=True,
    help="--split silence: kept around each sound.",
)
@click.option("--mux", type=PATH, metavar="OUT", help="Also a copy of the film with the track.")
@click.option(
    "--burn", type=PATH, metavar="OUT", help="Also a copy of the film with the text in its picture."
)
@click.option("--font", type=PATH, metavar="FILE", help="--burn: draw with this font.")
@click.option(
    "--timeline", type=PATH, metavar="OUT", help="Also a copy over a running strip of emotions."
)
@click.option("--plot", type=PATH, metavar="OUT", help="Also the emotions as a .png or .svg.")
@cache_option
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
    wish: str | None,
    encoding: str | None,
    split: str,
    transcribe: bool,
    whisper: Path | None,
    silence_threshold: float | None,
    min_silence: int,
    padding: int,
    mux: Path | None,
    burn: Path | None,
    font: Path | None,
    timeline: Path | None,
    plot: Path | None,
    cached: bool,
    overwrite: bool,
    verbose: bool,
    **policy: Any,
) -> None:
    """Tag the subtitles SUBS of the film VIDEO with the emotion of the voice.

    Without SUBS those beside the film are taken (film.srt, film.en.srt), else
    those in it. Where there are none, speech is found and written down by
    Whisper: read the words before you publish them.
    """
    from ...core.files import check_writable, write_atomically
    from ...core.scratch import sweep
    from ...formats import FORMATS
    from ...formats.naming import tagged_path
    from ...formats.writing import check_captions_writable, outputs_of, write_captions
    from ...tagging.vocabulary import Wording, read_words
    from ..terminal import progress

    started = time.perf_counter()
    if every:
        policy["policy"] = "every"
    _refuse_swapped(video, subs)
    tag_policy = policy_of(config, policy)
    earlier = None if words is None else read_words(words, language=language or "en")
    source = film_source(video, subs, wish, language=language, encoding=encoding, words=earlier)
    to_stdout = output == STDOUT
    form = form_of(form, None if to_stdout else output, source)
    films = {"mux": mux, "burn": burn, "timeline": timeline}
    colours = palette_of(colour, style, form, has_film=any(films.values()))
    said = words_said(words, language, source)
    inputs = [video, *([source.path] if source and source.path else [])]
    read_from = source.path if source and source.path else video
    target = output or tagged_path(read_from, FORMATS[form].suffixes[0])
    wanted = [path for path in (*films.values(), plot) if path is not None]
    if not to_stdout:
        _refuse_film_name(target)
        check_captions_writable(target, form, inputs=inputs, overwrite=overwrite)
    for path in wanted:
        check_writable(path, inputs=inputs, overwrite=overwrite)
    _refuse_shared([*([] if to_stdout else outputs_of(target, form)), *wanted])
    picture = None if plot is None else picture_form(plot)
    sweep()

    from ...align import SilencePolicy
    from ...align.voice_activity import SpeechPolicy
    from ...analysis.film import open_film
    from ...api import annotate as annotate_film

    notes: list[str] = []
    scribe = None
    if source is None and transcribe:
        from ...transcription.whisper import Transcriber

        scribe = Transcriber(whisper, language=language)
    options = analysis_options(
        adapt,
        cached,
        transcriber=scribe,
        split=SilencePolicy(silence_threshold, min_silence, padding)
        if split == "silence"
        else SpeechPolicy(),
        on_note=notes.append,
    )
    with progress() as on_step:
        found = annotate_film(
            open_film(video, audio_stream=audio_stream),
            source,
            model=model,
            policy=tag_policy,
            options=options,
            wording=Wording(language, said),
            on_step=on_step,
        )
        captions = found.proven(form, colours=colours)
        annotation = captions.annotation
        written = _render(
            annotation, films, font=font, colours=colours, overwrite=overwrite, on_step=on_step
        )
    if plot is not None and picture is not None:
        from ...render.canvas import render
        from ...render.film_plot import timeline as draw

        write_atomically(
            plot, render(draw(annotation, colours=colours), picture), overwrite=overwrite
        )
        written.append(plot)
    if to_stdout:
        sys.stdout.buffer.write(captions.data)
        if captions.record is not None:
            complain("note", f"{form} on standard output has no record, so strip cannot undo it")
    else:
        write_captions(captions, target, overwrite=overwrite)
        written.insert(0, target)
    if annotation.transcriber is not None:
        complain(
            "note", f"the words are a machine's ({annotation.transcriber}); read them before use"
        )
    for warning in annotation.warnings:
        complain("warning", warning)
    for note in notes if verbose else ():
        complain("note", note)
    _show(annotation, written, time.perf_counter() - started, verbose=verbose, to_stderr=to_stdout)


#: What `-o` is called for standard output.
STDOUT = Path("-")


def _refuse_swapped(video: Path, subs: Path | None) -> None:
    """A subtitle file in the film's place and the other way round, by their names."""
    from ...batch import FILM_SUFFIXES
    from ...formats.registry import BY_SUFFIX

    if (
        subs is not None
        and video.suffix.lower() in BY_SUFFIX
        and subs.suffix.lower() in FILM_SUFFIXES
    ):
        raise click.UsageError(
            f"The film comes first, then its subtitles: subemo annotate {subs} {video}"
        )


def _refuse_film_name(target: Path) -> None:
    from ...batch import FILM_SUFFIXES

    if target.suffix.lower() in FILM_SUFFIXES:
        raise click.UsageError(
            f"-o names the subtitles, and {target.name} is the name of a film; "
            "--mux and --burn write films."
        )


def _refuse_shared(targets: Sequence[Path]) -> None:
    """Two outputs in one file."""
    seen: set[Path] = set()
    for target in targets:
        place = target.absolute()
        place = place.parent.resolve() / place.name
        if place in seen:
            raise click.UsageError(f"Two outputs would be written to {target}.")
        seen.add(place)


def _render(
    annotation: AnnotatedFilm,
    films: Mapping[str, Path | None],
    *,
    font: Path | None,
    colours: Palette | None,
    overwrite: bool,
    on_step: OnStep,
) -> list[Path]:
    """Writes the films that are asked for, and says which."""
    if not any(films.values()):
        return []
    from ... import render

    written = []
    for name, path in films.items():
        if path is not None:
            options: dict[str, Any] = {"font": font} if name == "burn" else {}
            make: Any = getattr(render, name)
            make(annotation, path, colours=colours, overwrite=overwrite, on_step=on_step, **options)
            written.append(path)
    return written


def film_source(
    video: Path,
    subs: Path | None,
    wish: str | None,
    *,
    language: str | None,
    encoding: str | None,
    words: Words | None = None,
) -> SubtitleTrack | None:
    """The film's subtitles: as the user says, else as they are found."""
    from ...sources import lookup as sources

    if wish is not None and subs is not None:
        raise click.UsageError("Give SUBS or --subs, not both.")
    if subs is not None:
        return sources.read_subtitles(subs, encoding=encoding, words=words)
    if wish is None:
        source = sources.find(video, language=language, encoding=encoding, words=words)
        if source is not None:
            complain("note", f"subtitles: {source.description}")
        return source
    if wish == "none":
        return None
    match = re.fullmatch(r"embedded(?::(\d{1,4}))?", wish)
    if match is None:
        raise click.UsageError("--subs is embedded, embedded:N or none.")
    return sources.embedded(video, None if match[1] is None else int(match[1]), language=language)


def _show(
    annotation: AnnotatedFilm,
    written: list[Path],
    seconds: float,
    *,
    verbose: bool,
    to_stderr: bool = False,
) -> None:
    from ..terminal import cue_lines, summary

    if verbose:
        for line in cue_lines(annotation):
            click.echo(line, err=to_stderr)
        click.echo(err=to_stderr)
    click.echo(summary(annotation, seconds), err=to_stderr)
    if written:
        click.echo(f"Written: {', '.join(map(str, written))}", err=to_stderr)
