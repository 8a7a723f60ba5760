"""The colours of pictures and pages beside those of emotions: one light and one dark set, the studio's."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.emotions import UNMARKED
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
