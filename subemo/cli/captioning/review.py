"""`subemo review`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ...captions.naming import judged_path, review_path
from ...core.errors import OutputError, SettingsError
from ...core.files import check_writable, scratch, sweep_scratch, write_atomically
from ...tagging.colours import Palette
from ...tagging.policy import TagPolicy
from ...tagging.vocabulary import vocabulary_of
from ..command import command, flag, option
from ..terminal import complain, progress, written_line
from .options import (
    FilmOptions,
    named,
    own_vocabulary,
    palette,
    refuse_unshown_sounds,
    vocabulary_with_own,
)

if TYPE_CHECKING:
    from ...review.session import Session
    from ...review.studio import Studio


class _ReviewOptions(FilmOptions):
    as_page: bool = flag("Write a review page as one file instead of opening the studio.", "--page")
    output: Path | None = option(
        "Output file; implies --page.  [default: film.review.html for film.mp4]", "-o"
    )
    proxy: bool = flag("Also write a small copy of VIDEO that browsers can play; implies --page.")
    browser: bool = option("Open the studio in a browser.", default=True)
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
    colours = palette(options.colour, policy.preset)
    (_write_page if options.is_page else _serve)(options, policy, colours)


def _write_page(options: _ReviewOptions, policy: TagPolicy, colours: Palette) -> None:
    """Writes a review page."""
    from ...api import annotate
    from ...media import probe
    from ...render.films import proxy
    from ...review import review_page
    from ...review.studio import needs_copy
    from .inputs import heard, subtitles_of

    video, words = options.video, options.words
    source = subtitles_of(options)
    target = options.output or review_path(video)
    copy = target.with_suffix(".mp4") if options.proxy else None
    subtitles = None if source is None else source.path
    inputs = named(video, subtitles, words, options.settings_file, *options.model_files)
    for path in named(target, copy):
        check_writable(path, inputs=inputs, overwrite=options.overwrite)
    sweep_scratch()
    with progress() as on_step:
        found = heard(annotate, options, source, policy=policy, on_step=on_step)
        annotation = found.proven().annotation
        warnings = list(annotation.warnings)
        if copy is not None:
            overwrite, on_warning = options.overwrite, warnings.append
            proxy(annotation, copy, overwrite=overwrite, on_step=on_step, on_warning=on_warning)
    own = own_vocabulary(options.language, words, source)
    vocabulary = own or vocabulary_of(annotation.language)
    assert vocabulary is not None
    page = review_page(annotation, vocabulary, media=copy or video, output=target, colours=colours)
    write_atomically(target, page, overwrite=options.overwrite)
    complain("warning", *warnings)
    if copy is None and needs_copy(probe(video)):
        text = f"not all browsers play {video.name} alike; --proxy makes a copy that they do"
        complain("note", text)
    click.echo(
        f"{len(annotation.cues)} cues, {len(annotation.tagged)} tagged. {written_line(target)}"
    )


def _serve(options: _ReviewOptions, policy: TagPolicy, colours: Palette) -> None:
    """Serves the studio until it is closed, and prints where the judgements are."""
    import webbrowser

    from ...core.cache import user_cache
    from ...review.server import StudioServer, run_until_left
    from ...review.studio import Studio

    path = options.judged or judged_path(options.video)
    session = _session(options, policy, path, None if options.colour is None else colours)
    complain("warning", *session.annotation.warnings)
    if session.is_of_another_film:
        complain("note", f"{path}: these judgements were made for another version of the film")
    with scratch() as folder:
        studio = Studio(session, folder, user_cache() if options.cache else None)
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
    options: _ReviewOptions, policy: TagPolicy, path: Path, colours: Palette | None
) -> Session:
    """Analyses the film, and begins with its judgements at *path*."""
    from ...review.judged import analysed_film
    from ...review.judged_file import read_judged
    from ...review.session import Session
    from .inputs import correction_of_another, heard, subtitles_of

    words, earlier, initial = options.words, options.begin_with, None
    taught = None if earlier is None else read_judged(earlier)
    check_writable(path, inputs=named(options.video, words, earlier), overwrite=True)
    source = subtitles_of(options, vocabulary_with_own(options.language, words, path))
    if source is not None and source.path is not None:
        check_writable(path, inputs=[source.path], overwrite=True)
    sweep_scratch()
    with progress() as on_step:
        analysed = heard(analysed_film, options, source, policy=policy, on_step=on_step)
    if taught is not None:
        initial, note = correction_of_another(analysed, taught)
        complain("note", f"{earlier}: {note}")
    return Session(analysed, path, colours, initial)
