"""The caption on the lower third of the picture, as it is at any moment."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from .theme import DARK

#: How much of the picture is seen through the panel, of 255, and of its colour.
_PANEL = (11, 12, 16, 214)
#: The widest line, as a share of the picture's width; the size of letters as one of its height.
_WIDEST, _SIZE = 0.84, 1 / 19


@dataclass(frozen=True, eq=False)
class _Overlay:
    """A picture to lay over another.

    Attributes:
        top: where it begins, in pixels
        left: where it begins, in pixels
        share: how much of what is below it is left, of 256, shape (height, width, 1)
        light: what is added, 256-fold, shape (height, width, 3)
    """

    top: int
    left: int
    share: npt.NDArray[np.uint32]
    light: npt.NDArray[np.uint32]


class LowerThird:
    """The captions of a film, laid over its picture.

    Args:
        annotation: the film
        size: of the picture, width and height in pixels
        font: that has all characters of the captions
        colours: of the tags
    """

    def __init__(
        self,
        annotation: AnnotatedFilm,
        size: tuple[int, int],
        *,
        font: Path,
        colours: Palette | None = None,
    ) -> None:
        from PIL import ImageFont

        self.width, self.height = size
        self.palette = colours or OKABE_ITO
        self.letters = max(10, round(self.height * _SIZE))
        self.font: Any = ImageFont.truetype(str(font), self.letters)
        cues = [cue for cue in annotation.written if cue.shown_end_ms > cue.start_ms]
        self.times = sorted({ms for cue in cues for ms in (cue.start_ms, cue.shown_end_ms)})
        self.shown: list[list[AnnotatedCue]] = [[] for _ in self.times]
        places = {ms: place for place, ms in enumerate(self.times)}
        for cue in cues:
            for place in range(places[cue.start_ms], places[cue.shown_end_ms]):
                self.shown[place].append(cue)
        self._last: tuple[int, _Overlay | None] = (-1, None)

    def draw(self, picture: npt.NDArray[np.uint8], ms: float) -> None:
        """Lays what is shown at a moment over a picture of shape (height, width, 3)."""
        place = bisect_right(self.times, ms) - 1
        if place < 0 or not self.shown[place]:
            return
        if self._last[0] != place:
            self._last = (place, self._overlay(self.shown[place]))
        overlay = self._last[1]
        if overlay is None:
            return
        height, width, _ = overlay.share.shape
        part = picture[overlay.top : overlay.top + height, overlay.left : overlay.left + width]
        part[:] = (part * overlay.share + overlay.light) >> 8

    def _overlay(self, cues: list[AnnotatedCue]) -> _Overlay | None:
        """A panel with a stroke in the first tag's colour, the tags, and the words."""
        from PIL import Image, ImageDraw

        lines = [line for cue in cues for line in self._lines(cue)]
        if not lines:
            return None
        size, pad = self.letters, self.letters // 2
        step = round(size * 1.28)
        widest = max(self.font.getlength(text) for text, _ in lines)
        width = min(self.width, round(widest) + 3 * pad)
        height = min(self.height, len(lines) * step + pad)
        image = Image.new("RGBA", (width, height))
        draw = ImageDraw.Draw(image)
        draw.rounded_rectangle([0, 0, width - 1, height - 1], radius=pad // 2, fill=_PANEL)
        tags = [cue.decision.tag for cue in cues if cue.decision.tag is not None]
        if tags:
            stroke = [0, pad // 2, max(2, pad // 3), height - pad // 2]
            draw.rectangle(stroke, fill=DARK.fill(self.palette, tags[0]))
        for number, (text, colour) in enumerate(lines):
            draw.text((1.5 * pad, pad * 0.4 + number * step), text, font=self.font, fill=colour)
        pixels = np.asarray(image).astype(np.uint32)
        alpha = pixels[:, :, 3:] + (pixels[:, :, 3:] > 127)
        left = round(self.width * (1 - _WIDEST) / 2)
        top = self.height - height - round(self.height * 0.06)
        return _Overlay(
            max(0, top), min(left, self.width - width), 256 - alpha, pixels[:, :, :3] * alpha
        )

    def _lines(self, cue: AnnotatedCue) -> list[tuple[str, str]]:
        """The lines of a cue and the colour of each, its tag first."""
        words = [
            (line, DARK.ink)
            for text in cue.styled_text.plain.split("\n")
            for line in self._wrapped(text.strip())
        ]
        tag = cue.decision.tag
        if tag is None:
            return words
        return [*((line, self.palette[tag]) for line in self._wrapped(cue.decision.text)), *words]

    def _wrapped(self, text: str) -> list[str]:
        """The text in lines that fit."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.font.getlength(longer) <= self.width * _WIDEST:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines
