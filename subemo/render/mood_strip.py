"""The strip below a timeline video: a line of the film's emotions, its tags, and a playhead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.emotions import EMOTIONS
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from .film_rows import lanes_of
from .moods import MoodLine, mood_line, tagged_stretches
from .theme import DARK

Pixels = npt.NDArray[np.uint8]

#: The strip is drawn this many times as large and scaled down, for smooth edges.
_FINER = 2
#: The line is smoothed over this share of the film, but at least over this time.
_SMOOTHING, _LEAST_SMOOTHING_MS = 1 / 120, 1_000
#: The opacity of the part that is not played yet.
_AHEAD = 0.45


@dataclass(frozen=True, eq=False)
class MoodStrip:
    """A strip that is drawn once and then shown at any moment.

    Attributes:
        behind: the strip as played, shape (height, width, 3)
        ahead: the strip as not played yet, the same shape
        line: the row of the line in each column, from the top, shape (width,)
        head: the radius of the playhead's dot, in pixels
    """

    behind: Pixels
    ahead: Pixels
    line: npt.NDArray[np.int64]
    head: int

    def draw(self, out: Pixels, share: float) -> None:
        """Draws the strip at a moment.

        Args:
            out: written completely, shape (height, width, 3)
            share: the share of the film that is played, 0 to 1
        """
        height, width, _ = self.behind.shape
        at = round(min(1.0, max(0.0, share)) * (width - 1))
        out[:, :at] = self.behind[:, :at]
        out[:, at:] = self.ahead[:, at:]
        out[:, max(0, at - 1) : at + 1] = 255
        y, x = np.ogrid[:height, :width]
        left, right = max(0, at - self.head), min(width, at + self.head + 1)
        dot = (x[:, left:right] - at) ** 2 + (y - self.line[at]) ** 2 <= self.head**2
        out[:, left:right][dot] = 255


def mood_strip(
    annotation: AnnotatedFilm,
    width: int,
    height: int,
    *,
    duration_ms: int,
    font: Path,
    colours: Palette | None = None,
) -> MoodStrip:
    """Draws the strip of a film.

    The line is the probability that the voices are not neutral, smoothed, over the colour of the
    likeliest emotion. A tag's name is above the line where the tag begins, if there is room.

    Args:
        annotation: the film
        width: in pixels
        height: in pixels
        duration_ms: the duration of the film
        font: the font file of the names
        colours: the colours of the emotions
    """
    from PIL import Image, ImageFont

    palette = colours or OKABE_ITO
    line = mood_line(
        annotation.cues,
        start_ms=0,
        end_ms=duration_ms,
        points=max(2, width),
        smoothing_ms=max(_LEAST_SMOOTHING_MS, duration_ms * _SMOOTHING),
    )
    size = max(9, height // 6)
    # Names above, the line below them.
    top, foot = size + height // 10, height - max(2, height // 24)
    y = foot - line.height * (foot - top)
    letters: Any = ImageFont.truetype(str(font), size * _FINER)
    large = _drawn(annotation, line, y, (width, height), letters, palette, duration_ms)
    behind = np.asarray(large.resize((width, height), Image.Resampling.BOX))
    ground = np.asarray(_rgb(DARK.ground))
    ahead = ground + (behind.astype(np.float64) - ground) * _AHEAD
    dot = max(2, height // 24)
    return MoodStrip(behind.copy(), ahead.round().astype(np.uint8), y.round().astype(int), dot)


def _drawn(
    annotation: AnnotatedFilm,
    line: MoodLine,
    y: npt.NDArray[np.float64],
    size: tuple[int, int],
    font: Any,
    palette: Palette,
    duration_ms: int,
) -> Any:
    """The strip, `_FINER` times as large."""
    from PIL import Image, ImageDraw

    width, height = (side * _FINER for side in size)
    image = Image.new("RGB", (width, height), DARK.ground)
    draw = ImageDraw.Draw(image)
    likeliest = line.likeliest
    for column, top in enumerate(y):
        fill = _mixed(DARK.fill(palette, EMOTIONS[likeliest[column]]), DARK.ground, 0.55)
        left = column * _FINER
        draw.rectangle([left, round(top * _FINER), left + _FINER - 1, height], fill=fill)
    points = [(column * _FINER, top * _FINER) for column, top in enumerate(y)]
    draw.line(points, fill=DARK.ink, width=_FINER, joint="curve")
    stretches = list(tagged_stretches(annotation.cues))
    wanted = [
        (one.start_ms / duration_ms * width, draw.textlength(one.tag.value, font=font))
        for one in stretches
    ]
    places = lanes_of(wanted, left=0, right=width, lanes=1, gap=font.size * 0.8)
    radius = max(2, size[1] // 32) * _FINER
    for one, (x, _), place in zip(stretches, wanted, places, strict=True):
        colour = DARK.fill(palette, one.tag)
        column = min(size[0] - 1, round(x / _FINER))
        middle = y[column] * _FINER
        if place is not None:
            draw.line([(x, font.size * 1.1), (x, middle)], fill=DARK.line, width=_FINER)
            draw.text(
                (place[1], font.size * 1.05), one.tag.value, font=font, fill=colour, anchor="ls"
            )
        draw.ellipse(
            [x - radius, middle - radius, x + radius, middle + radius],
            fill=colour,
            outline=DARK.ground,
        )
    return image


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def _mixed(colour: str, ground: str, share: float) -> tuple[int, int, int]:
    """Mixes a share of one colour with another."""
    red, green, blue = (
        round(share * one + (1 - share) * other)
        for one, other in zip(_rgb(colour), _rgb(ground), strict=True)
    )
    return red, green, blue
