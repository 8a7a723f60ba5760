from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subemo.annotation import Annotation
from subemo.core.emotions import Emotion
from subemo.render.fonts import font_for
from subemo.render.timeline import LowerThird, mood_strip
from subemo.subtitles.markup import StyledRun, StyledText
from subemo.tagging.colours import OKABE_ITO

from .films import film_of

SIZE = (640, 360)


def film(words: str) -> Annotation:
    made = film_of(
        [
            (1_000, 3_000, Emotion.ANGRY, Emotion.ANGRY),
            (2_000, 4_000, Emotion.NEUTRAL, None),
            (6_000, 8_000, Emotion.SAD, Emotion.SAD),
        ],
        10_000,
    )
    text = StyledText((StyledRun(words),))
    return replace(made, cues=tuple(replace(cue, styled_text=text) for cue in made.cues))


def drawn(captions: LowerThird, ms: float) -> np.ndarray:
    picture = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    captions.draw(picture, ms)
    return picture.astype(int)


def rows(picture: np.ndarray) -> int:
    """How high what was drawn is."""
    return int((picture != 90).any(axis=(1, 2)).sum())


@pytest.fixture(scope="module")
def font() -> Path:
    return font_for("abc[]").path


def test_a_caption_is_there_while_its_cue_is(font: Path) -> None:
    captions = LowerThird(film("Words."), SIZE, font=font)
    heights = {
        ms: rows(drawn(captions, ms)) for ms in (0, 1_000, 2_500, 3_500, 5_000, 7_999, 8_000)
    }
    assert heights[0] == heights[5_000] == heights[8_000] == 0
    assert heights[2_500] > heights[1_000] > heights[3_500] > 0
    assert heights[7_999] == heights[1_000]


def test_the_tag_has_its_colour(font: Path) -> None:
    angry = drawn(LowerThird(film("Words."), SIZE, font=font), 1_500)
    sad = drawn(LowerThird(film("Words."), SIZE, font=font), 7_000)
    for picture, emotion in ((angry, Emotion.ANGRY), (sad, Emotion.SAD)):
        colour = [int(OKABE_ITO[emotion][i : i + 2], 16) for i in (1, 3, 5)]
        assert (np.abs(picture - colour).max(axis=2) <= 2).sum() > 50


@pytest.mark.parametrize("words", ["word " * 200, "x" * 500, ""])
def test_whatever_is_said_stays_inside(font: Path, words: str) -> None:
    picture = drawn(LowerThird(film(words), SIZE, font=font), 1_500)
    assert rows(picture) > 0


def test_words_are_read_on_any_picture(font: Path) -> None:
    """The panel is dark on white, too."""
    picture = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    LowerThird(film("Words."), SIZE, font=font).draw(picture, 3_500)
    panel = picture[(picture != 255).any(axis=2)]
    assert np.median(panel.max(axis=1)) < 60


def test_the_strip_shows_what_is_played(font: Path) -> None:
    strip = mood_strip(film("Words."), 640, 72, duration_ms=30_000, font=font)
    shown = np.empty((72, 640, 3), np.uint8)
    for share in (-1.0, 0.0, 0.35, 1.0, 2.0):
        strip.draw(shown, share)
        at = round(min(1.0, max(0.0, share)) * 639)
        assert (shown[:, max(0, at - 1)] == 255).all()
        assert (shown[:, : max(0, at - 8)] == strip.behind[:, : max(0, at - 8)]).all()
        assert (shown[:, at + 8 :] == strip.ahead[:, at + 8 :]).all()
    angry, silent = strip.line[43], strip.line[576]
    assert angry < 50
    assert silent == strip.line.max() > 65
