"""Empty figures, their files, and the colours of pictures and pages."""

from __future__ import annotations

import io
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..core.emotions import UNMARKED
from ..core.errors import MissingExtraError
from ..core.printable import plain
from ..core.sounds import Tag
from ..tagging.colours import Palette, on_paper


@dataclass(frozen=True)
class Theme:
    """A set of colours, each ``#rrggbb``; the names are those of the studio's style sheet.

    Attributes:
        ground: behind everything
        panel: behind what is read
        raised: of areas that stand out a little
        ink: of text and of what matters
        soft: of text that matters less
        line: of rules and grids
        edge: of what must be seen, and is not read
        accent: of the one thing to look at
        is_light: whether text is dark on it
    """

    ground: str
    panel: str
    raised: str
    ink: str
    soft: str
    line: str
    edge: str
    accent: str
    is_light: bool

    def text(self, palette: Palette, tag: Tag) -> str:
        """The colour of a tag's name on the panel, with the contrast of text."""
        return on_paper(palette[tag], self.panel) if self.is_light else palette[tag]

    def fill(self, palette: Palette, tag: Tag) -> str:
        """The colour of areas that stand for a tag: grey of what is no mood."""
        if tag in UNMARKED and palette[tag].upper() == "#FFFFFF":
            return self.edge
        return palette[tag]


LIGHT = Theme(
    ground="#f4f1ea",
    panel="#fdfcf9",
    raised="#ece7dc",
    ink="#1d1b18",
    soft="#5c574e",
    line="#d9d3c6",
    edge="#878073",
    accent="#5540c8",
    is_light=True,
)
DARK = Theme(
    ground="#101116",
    panel="#181a21",
    raised="#22252e",
    ink="#eceef3",
    soft="#a8aebc",
    line="#31353f",
    edge="#6d7383",
    accent="#9b8cff",
    is_light=False,
)
THEMES = {"light": LIGHT, "dark": DARK}


def check_figures() -> None:
    """Checks, before any work is done, that figures can be drawn.

    Raises:
        MissingExtraError: if matplotlib is not installed
    """
    if find_spec("matplotlib") is None:
        raise MissingExtraError.of("matplotlib", "evaluate")


def new_figure(*, width: float = 7.0, height: float = 4.5) -> Any:
    """A matplotlib Figure of a size in inches, without a window.

    Raises:
        MissingExtraError: if matplotlib is not installed
    """
    check_figures()
    from matplotlib.figure import Figure

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
