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
from .options import all_option, cache_option, encoding_option, policy_options


@click.command(cls=OptionalValuesCommand)
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option(
    "--page", "as_page", is_flag=True, help="Write one file for a browser instead, for elsewhere."
)
@click.option(
    "-o",
    "--output",
    type=PATH,
    help="--page: where to write.  [default: VIDEO with .review.html]",
)
@click.option(
    "--proxy", is_flag=True, help="--page: also a small copy of the film that browsers can play."
)
@click.option(
    "--browser/--no-browser", default=True, help="Open it in a browser.  [default: browser]"
)
@click.option(
    "--judged",
    type=PATH,
    metavar="FILE",
    help="Where your judgements are kept.  [default: VIDEO with .judged.json]",
)
@click.option(
    "--colour",
    cls=OptionalChoice,
    choices=tuple(one.value for one in Coloured),
    help="Colour the words, too, or tags alone.  [default: tags]",
)
@click.option("--language", metavar="CODE", help="Of the tags.  [default: by the subtitles' name]")
@click.option("--words", type=PATH, metavar="FILE", help="Your own words for the emotions.")
@model_option
@policy_options()
@adapt_option
@witness_option
@all_option
@audio_stream_option
@click.option("--subs", "wish", metavar="embedded[:N]|none", help="A track of the film; or none.")
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
    """Open the studio, in which a person hears, checks, corrects and publishes the tags of VIDEO.

    A page in your browser, served to this machine alone. What you say is kept
    beside the film as you go, and the rules run again after each judgement.
    It ends with Ctrl-C, or a minute after its last page was closed.

    With --page, -o or --proxy one file is written instead, for a browser
    without subemo: it plays the film from where that lies, and exports the
    corrected subtitles, and what was heard as labels.csv for `subemo evaluate`.
    """
    from .jobs.review import run

    run(film, policy, wording, model, page)
