"""An empty figure, and its bytes when it is drawn."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ..core.errors import MissingExtraError
from ..core.printable import plain


def new_figure(*, width: float = 7.0, height: float = 4.5) -> Any:
    """A matplotlib Figure of so many inches, without a window behind it.

    Raises:
        MissingExtraError: without matplotlib
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError.of("matplotlib", "evaluate") from error
    return Figure(figsize=(width, height), layout="constrained")


def text_width(text: str, size_pt: float) -> float:
    """How wide a text is in the font of figures, in inches.

    Args:
        text: one line
        size_pt: of the font, in points
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size_pt)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def name_in_title(path: Path) -> str:
    """A file's name as text and nothing else, whatever is in it."""
    # Between two of those, matplotlib would read a formula.
    return plain(path.name).replace("$", r"\$")


def render(figure: Any, form: str = "png") -> bytes:
    """The picture as a whole file, the same bytes for the same picture.

    Args:
        figure: drawn on `new_figure`
        form: ``png`` or ``svg``
    """
    import matplotlib as mpl

    buffer = io.BytesIO()
    # Without the date and the random ids that an SVG would get.
    with mpl.rc_context({"svg.hashsalt": "subemo"}):
        metadata = {"Date": None} if form == "svg" else {}
        figure.savefig(buffer, format=form, dpi=120, metadata=metadata)
    return buffer.getvalue()
