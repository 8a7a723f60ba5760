"""`subemo review`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..options import (
    PATH,
    adapt_option,
    audio_stream_option,
    cache_option,
    complain,
    debug_option,
    encoding_option,
    model_option,
    overwrite_option,
    policy_of,
    policy_options,
    words_said,
)
from .analysis import analysis_options
from .annotate import film_source


@click.command()
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option(
    "-o", "--output", type=PATH, help="Where to write.  [default: VIDEO with .review.html]"
)
@click.option("--proxy", is_flag=True, help="Also a small copy of the film that browsers can play.")
@click.option("--language", metavar="CODE", help="Of the tags.  [default: by the subtitles' name]")
@click.option("--words", type=PATH, metavar="FILE", help="Your own words for the emotions.")
@model_option
@policy_options()
@adapt_option
@click.option("--all", "every", is_flag=True, help="The same as --policy every.")
@audio_stream_option
@click.option("--subs", "wish", metavar="embedded[:N]|none", help="A track of the film; or none.")
@encoding_option
@cache_option
@overwrite_option
@debug_option
def review(
    video: Path,
    subs: Path | None,
    output: Path | None,
    proxy: bool,
    language: str | None,
    words: Path | None,
    model: str,
    config: Path | None,
    adapt: str | None,
    every: bool,
    audio_stream: int | None,
    wish: str | None,
    encoding: str | None,
    cached: bool,
    overwrite: bool,
    **policy: Any,
) -> None:
    """Write a page on which a person hears, checks and corrects the tags of VIDEO.

    One file for a browser, without a server or a network. It plays the film
    from where that lies, and exports the corrected subtitles, and what was
    heard as labels.csv for `subemo evaluate`.
    """
    from ...core.files import check_writable, write_atomically
    from ...core.scratch import sweep
    from ..terminal import progress

    if every:
        policy["policy"] = "every"
    tag_policy = policy_of(config, policy)
    source = film_source(video, subs, wish, language=language, encoding=encoding)
    said = words_said(words, language, source)
    target = output or video.with_name(f"{video.stem}.review.html")
    copy = target.with_suffix(".mp4") if proxy else None
    inputs = [video, *([source.path] if source and source.path else [])]
    for path in filter(None, (target, copy)):
        check_writable(path, inputs=inputs, overwrite=overwrite)
    sweep()

    from ...analysis.film import open_film
    from ...api import annotate
    from ...review import review_page
    from ...tagging.vocabulary import Wording, words_of

    scribe = None
    if source is None:
        from ...transcription.whisper import Transcriber

        scribe = Transcriber(language=language)
    with progress() as on_step:
        found = annotate(
            open_film(video, audio_stream=audio_stream),
            source,
            model=model,
            policy=tag_policy,
            options=analysis_options(adapt, cached, transcriber=scribe),
            wording=Wording(language, said),
            on_step=on_step,
        )
        annotation = found.proven().annotation
        if copy is not None:
            from ...render.proxy import proxy as make_proxy

            make_proxy(annotation, copy, overwrite=overwrite, on_step=on_step)
    spoken = said or words_of(annotation.language)
    assert spoken is not None
    page = review_page(annotation, spoken, media=copy or video, output=target)
    write_atomically(target, page, overwrite=overwrite)
    for warning in annotation.warnings:
        complain("warning", warning)
    if copy is None and video.suffix.lower() not in (
        ".mp4",
        ".m4v",
        ".webm",
        ".ogg",
        ".wav",
        ".mp3",
    ):
        complain(
            "note", f"browsers seldom play {video.suffix}; --proxy makes a copy that they play"
        )
    click.echo(f"{len(annotation.cues)} cues, {len(annotation.tagged)} tagged. Written: {target}")
