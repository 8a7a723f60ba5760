"""A film's tags, with a reviewer's judgements applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ....analysis.film import Film
from ....annotation import Annotation
from ....api import annotate
from ....sources.lookup import SubtitleTrack
from ...options import complain


def annotate_judged(
    film: Film, source: SubtitleTrack | None, judged: Path | None, **options: Any
) -> Annotation:
    """Annotates a film like `subemo.annotate` and applies judgements, if any.

    Args:
        film: the film
        source: its subtitles, or None
        judged: a file of judgements, or None
        **options: see `subemo.annotate`

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    if judged is None:
        return annotate(film, source, **options)
    # Most runs do not need it.
    from ....review.judged import hear
    from ....review.judged_file import read_judged

    file = read_judged(judged)
    heard = hear(film, source, **options)
    places = {key: index for index, key in enumerate(heard.keys())}
    fitted = file.fitted(list(places)).judgements
    judgements = {places[key]: one for key, one in fitted.items() if key in places}
    left = len(fitted) - len(judgements)
    if left:
        complain("note", f"{judged}: {left} of {len(fitted)} judgements match no cue of this film")
    return heard.annotation(judgements)
