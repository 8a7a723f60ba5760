"""Creates empty figures and renders them to PNG or SVG."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ..core.errors import MissingExtraError
from ..core.printable import plain


def new_figure(*, width: float = 7.0, height: float = 4.5) -> Any:
    """A matplotlib Figure of a size in inches, without a window.

    Raises:
        MissingExtraError: if matplotlib is not installed
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError.of("matplotlib", "evaluate") from error
    return Figure(figsize=(width, height), layout="constrained")


def text_width(text: str, size_pt: float) -> float:
    """The width of a text in the font of figures, in inches.

    Args:
        text: one line
        size_pt: the font size, in points
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size_pt)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def name_in_title(path: Path) -> str:
    """A file's name as plain text for a figure's title."""
    # matplotlib reads text between two dollar signs as a formula.
    return plain(path.name).replace("$", r"\$")


def render(figure: Any, form: str = "png") -> bytes:
    """The content of the picture's file; the same picture gives the same bytes.

    Args:
        figure: a figure of `new_figure`
        form: ``png`` or ``svg``
    """
    import matplotlib as mpl

    buffer = io.BytesIO()
    # Without the date and the random ids that matplotlib writes into an SVG.
    with mpl.rc_context({"svg.hashsalt": "subemo"}):
        metadata = {"Date": None} if form == "svg" else {}
        figure.savefig(buffer, format=form, dpi=120, metadata=metadata)
    return buffer.getvalue()
