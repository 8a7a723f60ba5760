"""`subemo annotate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ...captions.naming import tagged_path
from ...captions.writing import check_captions_writable, outputs_of, write_captions
from ...core.files import check_writable, sweep_scratch, write_atomically
from ...core.progress import OnStep
from ...core.times import Stopwatch
from ...formats.registry import (
    BLOCK_FORMATS,
    BY_SUFFIX,
    COLOURED,
    DEFAULT,
    FORMATS,
    form_for,
    form_of,
)
from ...tagging.annotation import AnnotatedFilm
from ...tagging.colours import Palette
from ...tagging.policy import LOOKS, MOST_USED, TagPolicy
from ..command import Options, command, flag, option
from ..options import picture_form
from ..terminal import complain, cue_lines, progress, summary, written_line
from .options import (
    INPUT,
    MODEL_GROUP,
    SHOWN,
    SPEED,
    STDOUT,
    FilmOptions,
    OverwriteOption,
    named,
    palette,
    refuse_unshown_sounds,
    vocabulary_with_own,
)

if TYPE_CHECKING:
    from ...align import SilencePolicy
    from ...align.voice_activity import SpeechPolicy
    from ...captions.writing import Captions
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
    transcribe: bool = option("Transcribe the speech.", default=True)
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


class _AnnotateOptions(_SplitOptions, FilmOptions, _RenderOptions, group=LOOKS):
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


@command(groups=(MOST_USED, INPUT, MODEL_GROUP, SHOWN, LOOKS, OUTPUT, FILMS, SPLIT, SPEED))
def annotate(options: _AnnotateOptions) -> None:
    """Tag the subtitles SUBS of VIDEO with the emotion of the voice.

    Without SUBS, subemo uses subtitles beside VIDEO (film.srt, film.en.srt), then
    a subtitle track in it. If there are none, it detects speech and transcribes
    it with Whisper; proofread that text before you publish it.
    """
    from ...media import probe_ahead

    probe_ahead(options.video)
    from .inputs import annotate_judged, heard

    watch = Stopwatch()
    _refuse_names(options)
    policy = options.policy()
    refuse_unshown_sounds(options, policy)
    plan = _plan(options, policy)
    sweep_scratch()
    notes: list[str] = []
    warnings: list[str] = []
    with progress() as on_step:
        found = heard(
            partial(annotate_judged, judged=options.judged),
            options,
            plan.source,
            policy=policy,
            on_step=on_step,
            split=_segmentation(options),
            on_note=notes.append,
        )
        captions = found.proven(plan.form, colours=plan.colours)
        annotation = captions.annotation
        _render(annotation, options, plan, on_step, warnings.append)
    _write(captions, options, plan)
    if annotation.transcriber is not None:
        text = f"the text was transcribed by {annotation.transcriber}; proofread it before use"
        complain("note", text)
    complain("warning", *dict.fromkeys((*annotation.warnings, *warnings)))
    complain("note", *(notes if options.verbose else ()))
    # To standard error if standard output has the captions.
    show = partial(click.echo, err=options.output == STDOUT)
    if options.verbose:
        show("\n".join((*cue_lines(annotation), "")))
    show(summary(annotation, watch.seconds))
    if written := named(plan.target, *options.films.values(), options.plot):
        show(written_line(*written))


@dataclass(frozen=True)
class _Plan:
    """The film's subtitles and the checked outputs; no target for standard output."""

    source: SubtitleTrack | None
    form: str
    target: Path | None
    colours: Palette | None
    picture: str | None


def _plan(options: _AnnotateOptions, policy: TagPolicy) -> _Plan:
    """Reads the subtitles and checks all outputs before any work."""
    from .inputs import subtitles_of

    words, target = options.words, options.output
    source = subtitles_of(options, vocabulary_with_own(options.language, words, options.judged))
    form = form_of(None if source is None else source.document)
    if target is None or target == STDOUT:
        form = options.form or form
    else:
        form = form_for(target, options.form, default=form)
    colours = _colours(options, form, policy.preset)
    read_from = source.path if source and source.path else options.video
    more = (options.judged, words, options.style, options.font, options.settings_file)
    inputs = named(*options.model_files, options.video, read_from, *more)
    outputs: list[Path] = []
    if target == STDOUT:
        target = None
    else:
        target = target or tagged_path(read_from, FORMATS[form].suffixes[0])
        check_captions_writable(target, form, inputs=inputs, overwrite=options.overwrite)
        outputs += outputs_of(target, form)
    for path in named(*options.films.values(), options.plot):
        check_writable(path, inputs=inputs, overwrite=options.overwrite)
        outputs.append(path)
    _refuse_shared(outputs)
    picture = None if options.plot is None else picture_form(options.plot)
    return _Plan(source, form, target, colours, picture)


def _colours(options: _AnnotateOptions, form: str, preset: str) -> Palette | None:
    """The colours, or None; refuses them for a format without."""
    if options.colour is None and options.style is None:
        return None
    colours = palette(options.colour, preset, options.style)
    if form not in COLOURED and not options.films:
        formats = " or ".join(sorted(COLOURED))
        raise click.UsageError(f"{form} has no colours; choose --format {formats}.")
    return colours


def _refuse_names(options: _AnnotateOptions) -> None:
    """Refuses swapped arguments, and captions with a film's name."""
    from ...batch import FILM_SUFFIXES

    video, subs, output = options.video, options.subs, options.output
    is_film = [path is not None and path.suffix.lower() in FILM_SUFFIXES for path in (subs, output)]
    if video.suffix.lower() in BY_SUFFIX and is_film[0]:
        raise click.UsageError(
            f"The film comes first, then its subtitles: subemo annotate {subs} {video}"
        )
    if output is not None and is_film[1]:
        raise click.UsageError(
            f"-o names the subtitle file, but {output.name} is a film's name; "
            "use --mux or --burn to write films."
        )


def _refuse_shared(targets: Sequence[Path]) -> None:
    """Refuses two outputs with the same path."""
    places = [path.absolute().parent.resolve() / path.name for path in targets]
    for place, target in zip(places, targets, strict=True):
        if places.count(place) > 1:
            raise click.UsageError(f"Two outputs would be written to {target}.")


def _segmentation(options: _SplitOptions) -> SilencePolicy | SpeechPolicy:
    """How a film without subtitles is segmented."""
    from ...align import SilencePolicy
    from ...align.voice_activity import SpeechPolicy

    if options.split == "silence":
        return SilencePolicy(options.silence_threshold, options.min_silence, options.padding)
    return SpeechPolicy()


def _render(
    annotation: AnnotatedFilm,
    options: _RenderOptions,
    plan: _Plan,
    on_step: OnStep,
    on_warning: Callable[[str], None],
) -> None:
    """Writes the requested films and picture."""
    from ... import render
    from ...render.canvas import render as render_picture
    from ...render.film_plot import film_plot

    more: dict[str, Any] = {
        "colours": plan.colours, "overwrite": options.overwrite, "on_step": on_step,
        "on_warning": on_warning,
    }  # fmt: skip
    for name, path in options.films.items():
        font = {} if name == "mux" else {"font": options.font}
        getattr(render, name)(annotation, path, **more, **font)
    if options.plot is not None and plan.picture is not None:
        picture = render_picture(film_plot(annotation, colours=plan.colours), plan.picture)
        write_atomically(options.plot, picture, overwrite=options.overwrite)


def _write(captions: Captions, options: _AnnotateOptions, plan: _Plan) -> None:
    """Writes the captions."""
    if plan.target is not None:
        write_captions(captions, plan.target, overwrite=options.overwrite)
        return
    sys.stdout.buffer.write(captions.data)
    if captions.record is not None:
        text = f"{plan.form} on standard output comes without a record, so strip cannot undo it"
        complain("note", text)
