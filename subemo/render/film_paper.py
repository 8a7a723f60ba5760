"""The paper that a film is drawn on: its measures in inches, its axes, and the marks of tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..core.emotions import Emotion
from ..core.sounds import Tag
from ..tagging.colours import Palette
from .film_rows import Rows
from .theme import LIGHT, Theme

#: What stands for each mood where colour does not tell it; a sound or an effort is a cross.
MARKERS: Mapping[Tag, str] = MappingProxyType(
    {
        Emotion.NEUTRAL: "h", Emotion.CALM: "p", Emotion.HAPPY: "o", Emotion.SAD: "v",
        Emotion.ANGRY: "^", Emotion.FEAR: "D", Emotion.DISGUST: "s", Emotion.SURPRISE: "P",
    }
)  # fmt: skip
_OTHER = "X"
#: The figure's width, its margins, the heading, and the times below a row, in inches.
WIDTH, MARGIN, HEAD, TICKS = 12.0, 0.75, 1.2, 0.36
INNER = WIDTH - 2 * MARGIN
#: What a line of names is high, and what is between it and the row, in inches.
LANE, GAP = 0.17, 0.1


@dataclass(frozen=True)
class Paper:
    """What is drawn on.

    Attributes:
        figure: of matplotlib
        height: of it, in inches
        rows: of the film
        unit: from a row's foot to a sureness of 1, in inches
        row: the height of a row with the names above it, without the times below it, in inches
        palette: the colours of emotions
        theme: all other colours
    """

    figure: Any
    height: float
    rows: Rows
    unit: float
    row: float
    palette: Palette
    theme: Theme = LIGHT

    def write(self, x: float, y: float, text: str, **how: Any) -> None:
        """Writes at so many inches from the left and from the top."""
        self.figure.text(x / WIDTH, 1 - y / self.height, text, **how)

    def span(self, row: int) -> tuple[int, int]:
        """When a row begins and ends, in milliseconds."""
        start_ms = self.rows.start_ms(row)
        return start_ms, start_ms + self.rows.span_ms

    def axes_of(self, row: int) -> Any:
        """Axes over a row, its names and its times: milliseconds, and shares upwards."""
        top = HEAD + row * (self.row + TICKS)
        axes = self.axes(MARGIN, top, INNER, self.row + TICKS)
        axes.set(xlim=self.span(row), ylim=(-TICKS / self.unit, self.row / self.unit))
        return axes

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Axes without a frame, placed in inches from the left and from the top."""
        place = (
            left / WIDTH,
            1 - (top + height) / self.height,
            width / WIDTH,
            height / self.height,
        )
        axes = self.figure.add_axes(place)
        axes.set_axis_off()
        return axes


def mark(axes: Any, x: float, y: float, tag: Tag, paper: Paper, *, size: float) -> None:
    """What stands for a tag, *size* square points large."""
    axes.scatter(
        [x], [y], s=size, marker=MARKERS.get(tag, _OTHER), color=paper.theme.fill(paper.palette, tag),
        edgecolors=paper.theme.ink, linewidths=0.9, zorder=4, clip_on=False,
    )  # fmt: skip
