"""The picture of a film: what is on it can be read, and nothing covers anything."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.annotation import Annotation
from subemo.cli.options import picture_form
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import MissingExtraError
from subemo.core.sounds import Effort, Sound
from subemo.render import canvas
from subemo.render.canvas import LIGHT, render
from subemo.render.film_plot import MARKERS, film_plot, lanes_of, rows_of
from subemo.tagging.colours import LEAST_CONTRAST, OKABE_ITO, contrast

from .films import Given, film_of

MINUTE = 60_000


def film(minutes: float, tag_every: int = 8) -> Annotation:
    chance = random.Random(0)
    cues: list[Given] = []
    for number, start in enumerate(range(2_000, round(minutes * MINUTE) - 3_000, 5_000)):
        emotion = chance.choice(EMOTIONS[2:])
        cues.append((start, start + 2_500, emotion, None if number % tag_every else emotion))
    return film_of(cues, round(minutes * MINUTE))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canvas, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"matplotlib.*pip install 'subemo\[evaluate\]'"):
        film_plot(film(1))
    with pytest.raises(MissingExtraError):
        picture_form(Path("plot.png"))


def texts(figure: Any) -> list[Any]:
    figure.canvas.draw()
    return [
        text
        for axes in (figure, *figure.axes)
        for text in axes.texts
        if text.get_text() and text.get_visible()
    ]


@pytest.mark.parametrize("minutes", [0.5, 3, 12, 120, 700])
def test_all_text_is_inside_large_enough_and_covers_none(minutes: float) -> None:
    figure = film_plot(film(minutes, tag_every=8 if minutes < 130 else 40))
    found = texts(figure)
    boxes = [text.get_window_extent() for text in found]
    width, height = figure.canvas.get_width_height()
    for text, box in zip(found, boxes, strict=True):
        assert text.get_size() >= 9
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
        assert contrast(text.get_color(), LIGHT.panel) >= LEAST_CONTRAST
    for one, (text, box) in enumerate(zip(found, boxes, strict=True)):
        for other in range(one):
            assert not box.overlaps(boxes[other]), (text, found[other])


def test_every_tag_has_its_name_and_a_mark_of_its_own() -> None:
    made = film_of(
        [
            (1_000, 3_000, Emotion.ANGRY, Emotion.ANGRY),
            (9_000, 12_000, Emotion.SAD, Emotion.SAD),
            (15_000, 18_000, Emotion.SAD, None),
            (20_000, 21_000, Emotion.NEUTRAL, Sound.LAUGH),
            (25_000, 26_000, Emotion.NEUTRAL, Effort.SHOUT),
        ],
        30_000,
    )
    written = [text.get_text() for text in texts(film_plot(made))]
    for name in ("angry", "sad", "laugh", "shout"):
        assert written.count(name) == 1
        assert f"{name} 1" in written
    assert len(set(MARKERS.values())) == len(EMOTIONS)


def test_a_film_without_tags_says_so() -> None:
    made = film_of([(1_000, 3_000, Emotion.ANGRY, None)], 30_000)
    assert "No cue shows a tag." in [text.get_text() for text in texts(film_plot(made))]
    assert render(film_plot(film_of([], 0))).startswith(b"\x89PNG")


def test_a_name_is_text_and_no_formula(tmp_path: Any) -> None:
    from dataclasses import replace

    made = replace(film(0.5), video=tmp_path / "a $x$ \x1b film.mkv")
    assert b"<svg" in render(film_plot(made), "svg")


def test_the_same_picture_is_the_same_bytes() -> None:
    assert render(film_plot(film(1)), "svg") == render(film_plot(film(1)), "svg")


@given(st.integers(1, 40 * 60 * MINUTE))
def test_rows_hold_the_film_and_are_few(duration_ms: int) -> None:
    rows = rows_of(duration_ms)
    assert rows.count * rows.span_ms >= duration_ms > (rows.count - 1) * rows.span_ms
    assert rows.count <= 9
    assert rows.span_ms / rows.step_ms <= 16


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(1, 30)), max_size=40),
    st.integers(1, 4),
)
def test_names_never_overlap(wanted: list[tuple[float, float]], lanes: int) -> None:
    wanted.sort()
    places = lanes_of(wanted, left=0, right=100, lanes=lanes, gap=1)
    assert len(places) == len(wanted)
    assert not wanted or places[0] is not None
    for lane in range(lanes):
        inside = [
            (place[1], place[1] + width)
            for place, (_, width) in zip(places, wanted, strict=True)
            if place is not None and place[0] == lane
        ]
        assert all(start >= 0 and end <= 100 + 1e-9 for start, end in inside)
        assert all(end < start for (_, end), (start, _) in pairwise(inside))


def test_the_theme_is_the_studios() -> None:
    """The style sheet of the studio has the same colours under the same names."""
    from dataclasses import asdict

    from subemo.render.canvas import THEMES
    from subemo.review.assets import style

    sheet = style().decode()
    blocks = {"dark": sheet.split("}")[0], "light": sheet.split('[data-theme="light"]')[1]}
    for name, theme in THEMES.items():
        for role, colour in asdict(theme).items():
            if role != "is_light":
                assert f"--{role}: {colour};" in blocks[name].split("}")[0]
        for emotion in Emotion:
            assert contrast(theme.text(OKABE_ITO, emotion), theme.panel) >= LEAST_CONTRAST
