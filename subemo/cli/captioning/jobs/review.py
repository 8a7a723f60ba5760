"""Runs `subemo review`."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import replace
from pathlib import Path

import click

from ....analysis.film import open_film
from ....api import annotate
from ....core.errors import OutputError
from ....core.files import check_writable, write_atomically
from ....core.scratch import scratch, sweep
from ....formats.naming import judged_path, review_path
from ....render.proxy import proxy
from ....review import review_page
from ....review.judged import analysed_film
from ....review.judged_file import read_judged
from ....review.server import StudioServer, run_until_left
from ....review.session import Session
from ....review.studio import PLAYED, Studio
from ....sources.lookup import SubtitleTrack
from ....tagging.annotation import AnnotatedFilm
from ....tagging.colours import Palette, palette_of
from ....tagging.policy import TagPolicy
from ....tagging.vocabulary import Wording, vocabulary_of
from ....transcription.whisper import Transcriber
from ...options import complain
from ...terminal import progress
from ..option_groups import (
    Coloured,
    InputOptions,
    ModelOptions,
    PageOptions,
    PolicyOptions,
    WordingOptions,
)
from .analysis import analysis_options, refuse_unshown_sounds
from .inputs import (
    named,
    own_vocabulary,
    refuse_coloured_words,
    subtitles_of,
    vocabulary_with_own,
)
from .judged import start_of_another


def run(
    film: InputOptions,
    policy: PolicyOptions,
    wording: WordingOptions,
    model: ModelOptions,
    page: PageOptions,
) -> None:
    """Serves the studio until it is closed, or writes a review page.

    Args:
        film: the film and its subtitles
        policy: when a tag is shown
        wording: the wording of the tags
        model: the model and how it is used
        page: studio or page, and its outputs

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    video = film.video
    tag_policy = policy.policy()
    refuse_unshown_sounds(model, tag_policy)
    refuse_coloured_words(page.colour, tag_policy.preset)
    if not page.is_page:
        _serve(film, tag_policy, wording, model, page)
        return
    source = subtitles_of(film, language=wording.language)
    own = Wording(wording.language, own_vocabulary(wording, source))
    target = page.output or review_path(video)
    copy = target.with_suffix(".mp4") if page.proxy else None
    subtitles = None if source is None else source.path
    inputs = named(video, subtitles, wording.words, policy.file, *model.files)
    for path in filter(None, (target, copy)):
        check_writable(path, inputs=inputs, overwrite=page.overwrite)
    sweep()
    annotation = _annotation(film, source, tag_policy, own, model, copy, page)
    vocabulary = own.words or vocabulary_of(annotation.language)
    assert vocabulary is not None
    palette = _palette(page, tag_policy)
    written = review_page(
        annotation, vocabulary, media=copy or video, output=target, colours=palette
    )
    write_atomically(target, written, overwrite=page.overwrite)
    for warning in annotation.warnings:
        complain("warning", warning)
    if copy is None and video.suffix.lower() not in PLAYED:
        complain(
            "note", f"few browsers play {video.suffix}; --proxy makes a copy that they can play"
        )
    click.echo(f"{len(annotation.cues)} cues, {len(annotation.tagged)} tagged. Written: {target}")


def _palette(page: PageOptions, policy: TagPolicy) -> Palette:
    """The colours of the tags, and whether they also apply to the words."""
    return replace(palette_of(policy.preset), of_words=page.colour == Coloured.WORDS)


def _serve(
    film: InputOptions,
    policy: TagPolicy,
    wording: WordingOptions,
    model: ModelOptions,
    page: PageOptions,
) -> None:
    """Serves the studio until it is closed, and prints where the judgements are."""
    path = page.judged or judged_path(film.video)
    taught = None if page.begin_with is None else read_judged(page.begin_with)
    check_writable(path, inputs=named(film.video, wording.words, page.begin_with), overwrite=True)
    opened = open_film(film.video, audio_stream=film.audio_stream)
    source = subtitles_of(film, language=wording.language, words=vocabulary_with_own(wording, path))
    if source is not None and source.path is not None:
        check_writable(path, inputs=[source.path], overwrite=True)
    transcriber = Transcriber(language=wording.language) if source is None else None
    options = analysis_options(model, transcriber=transcriber)
    sweep()
    with progress() as on_step:
        analysed = analysed_film(
            opened,
            source,
            model=model.model,
            policy=policy,
            options=options,
            wording=Wording(wording.language, own_vocabulary(wording, source)),
            on_step=on_step,
        )
    colours = None if page.colour is None else _palette(page, policy)
    start = None
    if taught is not None:
        start, note = start_of_another(analysed, taught)
        complain("note", f"{page.begin_with}: {note}")
    session = Session(analysed, path, colours, start)
    for warning in session.annotation.warnings:
        complain("warning", warning)
    if session.is_of_another_film:
        complain("note", f"{path}: these judgements were made for another version of the film")
    with scratch() as folder:
        studio = Studio(session, folder, options.cache)
        with StudioServer(studio) as server:
            click.echo(f"The studio: {server.url}  (press Ctrl-C to stop)")
            sys.stdout.flush()
            if page.browser:
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
    if studio.last_publication is not None:
        click.echo(f"Published: {', '.join(studio.last_publication['written'])}")


def _unpublished(studio: Studio) -> OutputError | None:
    """The error of a publication that the end of the studio stopped."""
    last = studio.last_publication
    if last is None or last["state"] == "done":
        return None
    return OutputError(last.get("error", "publishing was stopped"))


def _annotation(
    film: InputOptions,
    source: SubtitleTrack | None,
    policy: TagPolicy,
    wording: Wording,
    model: ModelOptions,
    copy: Path | None,
    page: PageOptions,
) -> AnnotatedFilm:
    """The annotated film, and its proxy if requested."""
    transcriber = Transcriber(language=wording.language) if source is None else None
    with progress() as on_step:
        found = annotate(
            open_film(film.video, audio_stream=film.audio_stream),
            source,
            model=model.model,
            policy=policy,
            options=analysis_options(model, transcriber=transcriber),
            wording=wording,
            on_step=on_step,
        )
        annotation = found.proven().annotation
        if copy is not None:
            proxy(annotation, copy, overwrite=page.overwrite, on_step=on_step)
    return annotation
