"""`subemo review`."""

from __future__ import annotations

import click

from ..collected import collected
from ..grouped import OptionalChoice, OptionalValuesCommand
from ..options import (
    PATH,
    adapt_option,
    audio_stream_option,
    debug_option,
    model_option,
    overwrite_option,
    witness_option,
)
from .option_groups import (
    Coloured,
    InputOptions,
    ModelOptions,
    PageOptions,
    PolicyOptions,
    WordingOptions,
)
from .options import all_option, cache_option, encoding_option, policy_options, sound_cues_options


@click.command(cls=OptionalValuesCommand)
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option(
    "--page",
    "as_page",
    is_flag=True,
    help="Write a review page as one file instead of opening the studio.",
)
@click.option(
    "-o",
    "--output",
    type=PATH,
    help="Output file; implies --page.  [default: film.review.html for film.mp4]",
)
@click.option(
    "--proxy",
    is_flag=True,
    help="Also write a small copy of VIDEO that browsers can play; implies --page.",
)
@click.option(
    "--browser/--no-browser", default=True, help="Open the studio in a browser.  [default: browser]"
)
@click.option(
    "--judged",
    type=PATH,
    metavar="FILE",
    help="File of your judgements.  [default: film.judged.json for film.mp4]",
)
@click.option(
    "--begin-with",
    type=PATH,
    metavar="FILE",
    help="Begin with what your judgements of another film with the same voices taught.",
)
@click.option(
    "--colour",
    cls=OptionalChoice,
    choices=tuple(one.value for one in Coloured),
    help="Colour the tags, or also the words after them.  [default: tags]",
)
@click.option(
    "--language", metavar="CODE", help="Language of the tags.  [default: from the subtitles' name]"
)
@click.option("--words", type=PATH, metavar="FILE", help="TOML file of custom tag words.")
@model_option
@policy_options()
@adapt_option
@witness_option
@sound_cues_options
@all_option
@audio_stream_option
@click.option(
    "--subs",
    "wish",
    metavar="embedded[:N]|none",
    help="Use a subtitle track of VIDEO, the Nth counted from 0, or none at all.",
)
@encoding_option
@cache_option
@overwrite_option
@debug_option
@collected
def review(
    film: InputOptions,
    policy: PolicyOptions,
    wording: WordingOptions,
    model: ModelOptions,
    page: PageOptions,
) -> None:
    """Open the studio to check, correct and publish tags of VIDEO.

    The studio is a page in your browser, served to this machine only. It saves
    your judgements beside VIDEO as you work, and updates the tags after each.
    Ctrl-C ends it; so does closing its last page, after a minute.

    With --page, -o or --proxy, subemo writes a page for a browser without subemo
    instead. It plays VIDEO from its place on disk, and exports the corrected
    subtitles, and the emotions you heard as labels.csv for `subemo evaluate`.
    """
    from .jobs.review import run

    run(film, policy, wording, model, page)
