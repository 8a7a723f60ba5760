"""What `subemo review` does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ....analysis.film import open_film
from ....api import annotate
from ....core.files import check_writable, write_atomically
from ....core.scratch import sweep
from ....formats.naming import review_path
from ....render.proxy import proxy
from ....review import review_page
from ....sources.lookup import SubtitleTrack
from ....tagging.annotation import AnnotatedFilm
from ....tagging.colours import palette_of
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
from .analysis import analysis_options
from .inputs import own_vocabulary, refuse_coloured_words, subtitles_of

#: Films that most browsers play, by the end of their names.
_PLAYED = (".mp4", ".m4v", ".webm", ".ogg", ".wav", ".mp3")


def run(
    film: InputOptions,
    policy: PolicyOptions,
    wording: WordingOptions,
    model: ModelOptions,
    page: PageOptions,
) -> None:
    """Writes the page of a film, and says what is on it.

    Args:
        film: what the user says of the film and its subtitles
        policy: of when a tag is shown
        wording: of the tags' words
        model: which model classifies, and how
        page: of the page

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    video = film.video
    tag_policy = policy.policy()
    refuse_coloured_words(page.colour, tag_policy.preset)
    source = subtitles_of(film, language=wording.language)
    own = Wording(wording.language, own_vocabulary(wording, source))
    target = page.output or review_path(video)
    copy = target.with_suffix(".mp4") if page.proxy else None
    inputs = [video, *([source.path] if source and source.path else [])]
    for path in filter(None, (target, copy)):
        check_writable(path, inputs=inputs, overwrite=page.overwrite)
    sweep()
    annotation = _annotation(film, source, tag_policy, own, model, copy, page)
    vocabulary = own.words or vocabulary_of(annotation.language)
    assert vocabulary is not None
    palette = replace(palette_of(tag_policy.preset), of_words=page.colour == Coloured.WORDS)
    written = review_page(
        annotation, vocabulary, media=copy or video, output=target, colours=palette
    )
    write_atomically(target, written, overwrite=page.overwrite)
    for warning in annotation.warnings:
        complain("warning", warning)
    if copy is None and video.suffix.lower() not in _PLAYED:
        complain(
            "note", f"browsers seldom play {video.suffix}; --proxy makes a copy that they play"
        )
    click.echo(f"{len(annotation.cues)} cues, {len(annotation.tagged)} tagged. Written: {target}")


def _annotation(
    film: InputOptions,
    source: SubtitleTrack | None,
    policy: TagPolicy,
    wording: Wording,
    model: ModelOptions,
    copy: Path | None,
    page: PageOptions,
) -> AnnotatedFilm:
    """The film with its tags, and the copy of it that is asked for."""
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
