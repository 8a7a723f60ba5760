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
    "-o", "--output", type=PATH, help="Where to write.  [default: VIDEO with .review.html]"
)
@click.option("--proxy", is_flag=True, help="Also a small copy of the film that browsers can play.")
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
    """Write a page on which a person hears, checks and corrects the tags of VIDEO.

    One file for a browser, without a server or a network. It plays the film
    from where that lies, and exports the corrected subtitles, and what was
    heard as labels.csv for `subemo evaluate`.
    """
    from .jobs.review import run

    run(film, policy, wording, model, page)
