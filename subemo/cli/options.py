"""Options that captioners' and researchers' commands share."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ..core.errors import OutputError
from ..model import DEFAULT_MODEL
from .command import flag, option

MODEL = partial(
    option,
    "Name of a bundled model, or a model's folder.",
    metavar="NAME|DIR",
    default=DEFAULT_MODEL,
)
AUDIO_STREAM = partial(
    option,
    "Audio track, counted from 0.  [default: the track that players choose]",
    low=0,
    metavar="N",
)
OVERWRITE = partial(flag, "Replace output files that exist.")


def picture_form(path: Path) -> str:
    """``png`` or ``svg``, by the file name's suffix, checked before any work is done.

    Raises:
        OutputError: for any other suffix
        MissingExtraError: if matplotlib is not installed
    """
    from ..render.canvas import check_figures

    form = path.suffix.lower().removeprefix(".")
    if form not in ("png", "svg"):
        raise OutputError("the picture's name must end in .png or .svg", path=path)
    check_figures()
    return form
