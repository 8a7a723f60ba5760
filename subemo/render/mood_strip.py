"""A strip of the film's emotions: time from left to right, a block for each cue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette

#: What stands for each emotion where colour does not say it.
LETTERS = {
    Emotion.NEUTRAL: "N", Emotion.CALM: "C", Emotion.HAPPY: "H", Emotion.SAD: "S",
    Emotion.ANGRY: "A", Emotion.FEAR: "F", Emotion.DISGUST: "D", Emotion.SURPRISE: "U",
}  # fmt: skip
_GROUND, _INK, _FRAME = "#101010", "#FFFFFF", "#606060"


def draw_strip(
    annotation: AnnotatedFilm,
    width: int,
    height: int,
    *,
    duration_ms: int,
    colours: Palette | None = None,
) -> Any:
    """A picture of the film's emotions.

    A cue's block is as high as the model is sure, filled where its tag is
    shown and hollow where none is, and bears the emotion's letter; the letters
    stand explained below.

    Args:
        annotation: the film
        width: in pixels
        height: in pixels
        duration_ms: of the film
        colours: of the emotions

    Returns:
        a Pillow image, RGB
    """
    from PIL import Image, ImageDraw, ImageFont

    palette = colours or OKABE_ITO
    image = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(image)
    size = max(8, height // 6)
    font: Any = ImageFont.load_default(size)
    legend = size + 4
    floor = height - legend - 1
    draw.line([(0, floor), (width, floor)], fill=_FRAME)
    for cue in annotation.cues:
        if cue.prediction is None:
            continue
        left = cue.start_ms * width // max(1, duration_ms)
        right = max(left + 2, cue.shown_end_ms * width // max(1, duration_ms) - 1)
        top = floor - max(2, round(cue.prediction.confidence * (floor - 2)))
        colour = palette[cue.prediction.emotion]
        is_shown = isinstance(cue.decision.tag, Emotion)
        draw.rectangle([left, top, right, floor], fill=colour if is_shown else None, outline=colour)
        letter = LETTERS[cue.prediction.emotion]
        if right - left >= size * 2 // 3 and floor - top >= size:
            middle = ((left + right) // 2, (top + floor) // 2)
            draw.text(middle, letter, font=font, fill=_GROUND if is_shown else _INK, anchor="mm")
    at = 4
    for emotion in _present(annotation.cues):
        text = f"{LETTERS[emotion]} {emotion.value}"
        draw.text((at, height - 2), text, font=font, fill=palette[emotion], anchor="ls")
        at += round(draw.textlength(text, font=font)) + size
    return image


def _present(cues: tuple[AnnotatedCue, ...]) -> Iterator[Emotion]:
    found = {cue.prediction.emotion for cue in cues if cue.prediction is not None}
    yield from (emotion for emotion in EMOTIONS if emotion in found and emotion not in UNMARKED)
    yield from (emotion for emotion in EMOTIONS if emotion in found and emotion in UNMARKED)
