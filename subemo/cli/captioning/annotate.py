"""`subemo annotate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ...core.files import check_writable, write_atomically
from ...core.progress import OnStep
from ...core.times import Stopwatch
from ...formats.naming import tagged_path
from ...formats.registry import (
    BLOCK_FORMATS,
    BY_SUFFIX,
    COLOURED,
    DEFAULT,
    FORMATS,
    form_for,
    form_of,
)
from ...formats.writing import check_captions_writable, outputs_of, write_captions
from ...tagging.annotation import AnnotatedFilm
from ...tagging.colours import Palette, palette_of, read_palette
from ...tagging.policy import LOOKS, MOST_USED, TagPolicy
from ...tagging.vocabulary import Wording
from ..command import Options, command, flag, option
from ..options import picture_form
from ..terminal import complain, cue_lines, progress, summary
from .options import (
    INPUT,
    MODEL_GROUP,
    SHOWN,
    SPEED,
    STDOUT,
    FilmOptions,
    OverwriteOption,
    named,
    own_vocabulary,
    refuse_coloured_words,
    refuse_unshown_sounds,
    vocabulary_with_own,
)

if TYPE_CHECKING:
    from ...align import SilencePolicy
    from ...align.voice_activity import SpeechPolicy
    from ...formats.finished import Captions
    from ...sources.lookup import SubtitleTrack

OUTPUT, FILMS, SPLIT = "Output", "Films", "Films without subtitles"


class _RenderOptions(OverwriteOption, group=OUTPUT):
    """Films and pictures to write besides the captions, and what is printed."""

    mux: Path | None = option(
        "Also write a copy of VIDEO with the captions as a track.", metavar="OUT", group=MOST_USED
    )
    burn: Path | None = option(
        "Also write a copy of VIDEO with the captions burned in.", metavar="OUT", group=MOST_USED
    )
    font: Path | None = option("--burn, --timeline: font file to draw the text with.", group=FILMS)
    timeline: Path | None = option(
        "Also write a copy of VIDEO with its captions, above a line of its moods.",
        metavar="OUT",
        group=FILMS,
    )
    plot: Path | None = option("Also plot the emotions over time as .png or .svg.", metavar="OUT")
    verbose: bool = flag("List every cue with its tag or the reason for none.", "-v")

    @property
    def films(self) -> dict[str, Path]:
        """The requested films, by the name of their option."""
        wanted = {"mux": self.mux, "burn": self.burn, "timeline": self.timeline}
        return {name: path for name, path in wanted.items() if path is not None}


class _SplitOptions(Options, group=SPLIT):
    """How a film without subtitles is segmented and transcribed."""

    split: Literal["speech", "silence"] = option(
        "Segment by detected speech, or at silences.", default="speech"
    )
    transcribe: bool = option(
        "Transcribe the speech.  [default: transcribe]",
        "--transcribe/--no-transcribe",
        default=True,
    )
    whisper: Path | None = option(
        "Folder of a Whisper model in CTranslate2 format.  [default: base "
        "if subemo[multilingual] is installed, else tiny.en (English only)]",
        metavar="DIR",
    )
    silence_threshold: float | None = option(
        "--split silence: level below which sound counts as silence.  "
        "[default: estimated from the film]",
        metavar="DBFS",
    )
    min_silence: int = option(
        "--split silence: shortest pause that separates segments.",
        low=10,
        metavar="MS",
        default=500,
    )
    padding: int = option(
        "--split silence: time to add around each segment.", low=0, metavar="MS", default=100
    )


class _AnnotateOptions(FilmOptions, _SplitOptions, _RenderOptions, group=LOOKS):
    output: Path | None = option(
        "Output file; - for standard output.  [default: film.emo.srt for film.srt]",
        "-o",
        group=MOST_USED,
    )
    form: str | None = option(
        "Output format.  [default: by the output's name, else that of the "
        f"subtitles, else {DEFAULT.name}]",
        "--format",
        type=click.Choice(list(FORMATS)),
        group=MOST_USED,
    )
    language: str | None = option(
        "Language of the tags, and of the speech to transcribe, such as de.  "
        "[default: from the subtitles' name, else detected, else en]",
        metavar="CODE",
        group=MOST_USED,
    )
    words: Path | None = option("TOML file of custom tag words.")
    colour: Literal["tags", "words"] | None = option(
        "Colour the tags, or also the words after them "
        f"({', '.join(name for name in BLOCK_FORMATS if name in COLOURED)}).  [default: no]",
        value_is_optional=True,
    )
    style: Path | None = option("TOML file of custom colours.")

    @property
    def is_stdout(self) -> bool:
        """Whether the captions go to standard output."""
        return self.output == STDOUT


@command(groups=(MOST_USED, INPUT, MODEL_GROUP, SHOWN, LOOKS, OUTPUT, FILMS, SPLIT, SPEED))
def annotate(options: _AnnotateOptions) -> None:
    """Tag the subtitles SUBS of VIDEO with the emotion of the voice.

    Without SUBS, subemo uses subtitles beside VIDEO (film.srt, film.en.srt), then
    a subtitle track in it. If there are none, it detects speech and transcribes
    it with Whisper; proofread that text before you publish it.
    """
    from ...analysis.film import open_film
    from ...core.scratch import sweep
    from ...transcription.whisper import Transcriber
    from .inputs import analysis_options, annotate_judged

    watch = Stopwatch()
    _refuse_swapped(options)
    policy = options.policy()
    refuse_unshown_sounds(options, policy)
    plan = _plan(options, policy)
    transcriber = None
    if plan.source is None and options.transcribe:
        transcriber = Transcriber(options.whisper, language=options.language)
    sweep()
    notes: list[str] = []
    with progress() as on_step:
        found = annotate_judged(
            open_film(options.video, audio_stream=options.audio_stream),
            plan.source,
            options.judged,
            model=options.model,
            policy=policy,
            options=analysis_options(
                options, transcriber=transcriber, split=_segmentation(options), on_note=notes.append
            ),
            wording=plan.wording,
            on_step=on_step,
        )
        captions = found.proven(plan.form, colours=plan.colours)
        _render(captions.annotation, options, plan.colours, on_step)
    _draw(captions.annotation, options, plan)
    _write(captions, plan, overwrite=options.overwrite)
    _show_warnings(captions.annotation, notes if options.verbose else ())
    written = [plan.target, *options.films.values(), options.plot]
    _show(captions.annotation, named(*written), watch.seconds, options)


@dataclass(frozen=True)
class _Plan:
    """The checked outputs.

    Attributes:
        source: the film's subtitles
        form: the captions' format
        target: the output file; None for standard output
        colours: of the tags, or None
        wording: the wording of the tags
        picture: the picture's format, or None
    """

    source: SubtitleTrack | None
    form: str
    target: Path | None
    colours: Palette | None
    wording: Wording
    picture: str | None


def _plan(options: _AnnotateOptions, policy: TagPolicy) -> _Plan:
    """Reads the subtitles and checks all outputs before any work."""
    from .inputs import subtitles_of

    language, words = options.language, options.words
    said = vocabulary_with_own(language, words, options.judged)
    source = subtitles_of(options, language=language, words=said)
    form = _form(options, source)
    colours = _palette(options, form, policy.preset)
    wording = Wording(language, own_vocabulary(language, words, source))
    read_from = source.path if source and source.path else options.video
    more = (options.judged, words, options.style, options.font, options.settings_file)
    inputs = named(*options.model_files, options.video, read_from, *more)
    target = None
    if not options.is_stdout:
        target = options.output or tagged_path(read_from, FORMATS[form].suffixes[0])
        check_captions_writable(target, form, inputs=inputs, overwrite=options.overwrite)
    wanted = named(*options.films.values(), options.plot)
    for path in wanted:
        check_writable(path, inputs=inputs, overwrite=options.overwrite)
    _refuse_shared([*([] if target is None else outputs_of(target, form)), *wanted])
    picture = None if options.plot is None else picture_form(options.plot)
    return _Plan(source, form, target, colours, wording, picture)


def _form(options: _AnnotateOptions, source: SubtitleTrack | None) -> str:
    """The output format: from --format, the output's name, or the subtitles."""
    form = form_of(None if source is None else source.document)
    if options.output is None or options.is_stdout:
        return options.form or form
    _refuse_film_name(options.output)
    return form_for(options.output, options.form, default=form)


def _palette(options: _AnnotateOptions, form: str, preset: str) -> Palette | None:
    """The colours, or None.

    Raises:
        click.UsageError: if the format has no colours, or the preset uses them for speakers
        SettingsError: if the file of custom colours is invalid
    """
    if options.colour is None and options.style is None:
        return None
    refuse_coloured_words(options.colour, preset)
    if form not in COLOURED and not options.films:
        raise click.UsageError(
            f"{form} has no colours; choose --format {' or '.join(sorted(COLOURED))}."
        )
    palette = palette_of(preset) if options.style is None else read_palette(options.style)
    return replace(palette, of_words=options.colour == "words")


def _refuse_swapped(options: _AnnotateOptions) -> None:
    """Refuses swapped arguments, judged by the file names."""
    from ...batch import FILM_SUFFIXES

    video, subs = options.video, options.subs
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


def _segmentation(options: _SplitOptions) -> SilencePolicy | SpeechPolicy:
    """How a film without subtitles is segmented.

    Raises:
        SettingsError: if a value is invalid
    """
    from ...align import SilencePolicy
    from ...align.voice_activity import SpeechPolicy

    if options.split == "silence":
        return SilencePolicy(options.silence_threshold, options.min_silence, options.padding)
    return SpeechPolicy()


def _render(
    annotation: AnnotatedFilm, options: _RenderOptions, colours: Palette | None, on_step: OnStep
) -> None:
    """Writes the requested films."""
    from ... import render

    for name, path in options.films.items():
        make = getattr(render, name)
        more = {} if name == "mux" else {"font": options.font}
        make(
            annotation, path, colours=colours, overwrite=options.overwrite, on_step=on_step, **more
        )


def _draw(annotation: AnnotatedFilm, options: _RenderOptions, plan: _Plan) -> None:
    """Writes the requested picture."""
    from ...render.canvas import render
    from ...render.film_plot import film_plot

    if options.plot is not None and plan.picture is not None:
        picture = render(film_plot(annotation, colours=plan.colours), plan.picture)
        write_atomically(options.plot, picture, overwrite=options.overwrite)


def _write(captions: Captions, plan: _Plan, *, overwrite: bool) -> None:
    """Writes the captions."""
    if plan.target is not None:
        write_captions(captions, plan.target, overwrite=overwrite)
        return
    sys.stdout.buffer.write(captions.data)
    if captions.record is not None:
        complain(
            "note",
            f"{plan.form} on standard output comes without a record, so strip cannot undo it",
        )


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
    annotation: AnnotatedFilm, written: Sequence[Path], seconds: float, options: _AnnotateOptions
) -> None:
    """Prints the summary, to standard error if standard output has the captions."""
    show = partial(click.echo, err=options.is_stdout)
    if options.verbose:
        for line in (*cue_lines(annotation), ""):
            show(line)
    show(summary(annotation, seconds))
    if written:
        show(f"Written: {', '.join(map(str, written))}")
