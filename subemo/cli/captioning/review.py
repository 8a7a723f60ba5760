"""`subemo review`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ...core.errors import OutputError, SettingsError
from ...core.files import check_writable, write_atomically
from ...formats.naming import judged_path, review_path
from ...tagging.annotation import AnnotatedFilm
from ...tagging.colours import Palette, palette_of
from ...tagging.policy import TagPolicy
from ...tagging.vocabulary import Wording, vocabulary_of
from ..command import command, flag, option
from ..terminal import complain, progress
from .options import (
    FilmOptions,
    named,
    own_vocabulary,
    refuse_coloured_words,
    refuse_unshown_sounds,
    vocabulary_with_own,
)

if TYPE_CHECKING:
    from ...review.judged_file import JudgedFile
    from ...review.session import Session
    from ...review.studio import Studio
    from ...sources.lookup import SubtitleTrack


class _ReviewOptions(FilmOptions):
    as_page: bool = flag("Write a review page as one file instead of opening the studio.", "--page")
    output: Path | None = option(
        "Output file; implies --page.  [default: film.review.html for film.mp4]", "-o"
    )
    proxy: bool = flag("Also write a small copy of VIDEO that browsers can play; implies --page.")
    browser: bool = option(
        "Open the studio in a browser.  [default: browser]", "--browser/--no-browser", default=True
    )
    judged: Path | None = option(
        "File of your judgements.  [default: film.judged.json for film.mp4]"
    )
    begin_with: Path | None = option(
        "Begin with what your judgements of another film with the same voices taught."
    )
    colour: Literal["tags", "words"] | None = option(
        "Colour the tags, or also the words after them.  [default: tags]", value_is_optional=True
    )
    language: str | None = option(
        "Language of the tags.  [default: from the subtitles' name]", metavar="CODE"
    )
    words: Path | None = option("TOML file of custom tag words.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.is_page and self.judged is not None:
            raise SettingsError("--judged is for the studio; a page stores its own judgements.")
        if self.is_page and self.begin_with is not None:
            raise SettingsError("--begin-with is for the studio; a page does not learn.")

    @property
    def is_page(self) -> bool:
        """Whether ``--page`` or an option that implies it was given."""
        return self.as_page or self.proxy or self.output is not None


@command()
def review(options: _ReviewOptions) -> None:
    """Open the studio to check, correct and publish tags of VIDEO.

    The studio is a page in your browser, served to this machine only. It saves
    your judgements beside VIDEO as you work, and updates the tags after each.
    Ctrl-C ends it; so does closing its last page, after a minute.

    With --page, -o or --proxy, subemo writes a page for a browser without subemo
    instead. It plays VIDEO from its place on disk, and exports the corrected
    subtitles, and the emotions you heard as labels.csv for `subemo evaluate`.
    """
    policy = options.policy()
    refuse_unshown_sounds(options, policy)
    refuse_coloured_words(options.colour, policy.preset)
    (_write_page if options.is_page else _serve)(options, policy)


def _write_page(options: _ReviewOptions, policy: TagPolicy) -> None:
    """Writes a review page."""
    from ...core.scratch import sweep
    from ...review import review_page
    from ...review.studio import PLAYED
    from .inputs import subtitles_of

    video, language = options.video, options.language
    source = subtitles_of(options, language=language)
    own = Wording(language, own_vocabulary(language, options.words, source))
    target = options.output or review_path(video)
    copy = target.with_suffix(".mp4") if options.proxy else None
    subtitles = None if source is None else source.path
    inputs = named(video, subtitles, options.words, options.settings_file, *options.model_files)
    for path in named(target, copy):
        check_writable(path, inputs=inputs, overwrite=options.overwrite)
    sweep()
    annotation = _annotation(options, source, policy, own, copy)
    vocabulary = own.words or vocabulary_of(annotation.language)
    assert vocabulary is not None
    palette = _palette(options, policy)
    written = review_page(
        annotation, vocabulary, media=copy or video, output=target, colours=palette
    )
    write_atomically(target, written, overwrite=options.overwrite)
    for warning in annotation.warnings:
        complain("warning", warning)
    if copy is None and video.suffix.lower() not in PLAYED:
        complain(
            "note", f"few browsers play {video.suffix}; --proxy makes a copy that they can play"
        )
    click.echo(f"{len(annotation.cues)} cues, {len(annotation.tagged)} tagged. Written: {target}")


def _annotation(
    options: _ReviewOptions,
    source: SubtitleTrack | None,
    policy: TagPolicy,
    wording: Wording,
    copy: Path | None,
) -> AnnotatedFilm:
    """The annotated film, and its proxy if requested."""
    from ...analysis.film import open_film
    from ...api import annotate
    from ...render.proxy import proxy
    from ...transcription.whisper import Transcriber
    from .inputs import analysis_options

    transcriber = Transcriber(language=options.language) if source is None else None
    with progress() as on_step:
        found = annotate(
            open_film(options.video, audio_stream=options.audio_stream),
            source,
            model=options.model,
            policy=policy,
            options=analysis_options(options, transcriber=transcriber),
            wording=wording,
            on_step=on_step,
        )
        annotation = found.proven().annotation
        if copy is not None:
            proxy(annotation, copy, overwrite=options.overwrite, on_step=on_step)
    return annotation


def _serve(options: _ReviewOptions, policy: TagPolicy) -> None:
    """Serves the studio until it is closed, and prints where the judgements are."""
    import webbrowser

    from ...core.cache import user_cache
    from ...core.scratch import scratch
    from ...review.judged_file import read_judged
    from ...review.server import StudioServer, run_until_left
    from ...review.studio import Studio

    path = options.judged or judged_path(options.video)
    taught = None if options.begin_with is None else read_judged(options.begin_with)
    inputs = named(options.video, options.words, options.begin_with)
    check_writable(path, inputs=inputs, overwrite=True)
    session = _session(options, policy, path, taught)
    for warning in session.annotation.warnings:
        complain("warning", warning)
    if session.is_of_another_film:
        complain("note", f"{path}: these judgements were made for another version of the film")
    with scratch() as folder:
        studio = Studio(session, folder, user_cache() if options.cached else None)
        with StudioServer(studio) as server:
            click.echo(f"The studio: {server.url}  (press Ctrl-C to stop)")
            sys.stdout.flush()
            if options.browser:
                webbrowser.open(server.url)
            try:
                run_until_left(server)
            except BaseException:  # a signal that ends the run, whose exit code stays
                if (unpublished := _unpublished(studio)) is not None:
                    complain("error", str(unpublished))
                raise
    state = session.state()
    left = state["total"] - state["done"]
    click.echo(f"Cues judged: {state['done']}; left to check: {left}. Saved in {path}")
    if (unpublished := _unpublished(studio)) is not None:
        raise unpublished
    last = studio.last_publication
    if last is not None and last["state"] == "done":
        click.echo(f"Published: {', '.join(last['written'])}")


def _unpublished(studio: Studio) -> OutputError | None:
    """The error of a publication that the end of the studio stopped."""
    last = studio.last_publication
    if last is None or last["state"] == "done":
        return None
    return OutputError(last["error"] if last["state"] == "failed" else "publishing was stopped")


def _session(
    options: _ReviewOptions, policy: TagPolicy, path: Path, taught: JudgedFile | None
) -> Session:
    """Analyses the film, and begins with its judgements at *path*."""
    from ...analysis.film import open_film
    from ...core.scratch import sweep
    from ...review.judged import analysed_film
    from ...review.session import Session
    from ...transcription.whisper import Transcriber
    from .inputs import analysis_options, correction_of_another, subtitles_of

    language, words = options.language, options.words
    film = open_film(options.video, audio_stream=options.audio_stream)
    own = vocabulary_with_own(language, words, path)
    source = subtitles_of(options, language=language, words=own)
    if source is not None and source.path is not None:
        check_writable(path, inputs=[source.path], overwrite=True)
    transcriber = Transcriber(language=language) if source is None else None
    sweep()
    with progress() as on_step:
        analysed = analysed_film(
            film,
            source,
            model=options.model,
            policy=policy,
            options=analysis_options(options, transcriber=transcriber),
            wording=Wording(language, own_vocabulary(language, words, source)),
            on_step=on_step,
        )
    colours = None if options.colour is None else _palette(options, policy)
    initial = None
    if taught is not None:
        initial, note = correction_of_another(analysed, taught)
        complain("note", f"{options.begin_with}: {note}")
    return Session(analysed, path, colours, initial)


def _palette(options: _ReviewOptions, policy: TagPolicy) -> Palette:
    """The colours of the tags, and whether they also apply to the words."""
    return replace(palette_of(policy.preset), of_words=options.colour == "words")
