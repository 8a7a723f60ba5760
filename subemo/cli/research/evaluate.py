"""`subemo evaluate`."""

from __future__ import annotations

from typing import Any

import click

from ..grouped import GroupedCommand
from .evaluate_options import CLIPS_ALONE, FILMS_ALONE, GROUPS, EvaluateOptions, evaluation_options
from .film_options import FILMS, FilmOptions, refuse_options


@click.command(cls=GroupedCommand, groups=GROUPS)
@evaluation_options
def evaluate(**given: Any) -> int:
    """Evaluate a model on labelled CLIPS.

    CLIPS is a folder or table of clips, or a film with --labels. Each figure comes
    with its protocol, the number of clips and a 95 % interval.
    """
    films = FilmOptions.taken_from(given)
    options = EvaluateOptions(**given)
    if options.protocol == FILMS:
        refuse_options(CLIPS_ALONE, f"cannot be used with --protocol {FILMS}")
    else:
        refuse_options(FILMS_ALONE, f"needs --protocol {FILMS}")
    from .jobs.evaluate import run

    return run(options, films)
