"""A plot of a film: time line, scenes, tags, and the confidence of each tag."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from ..core.emotions import EMOTIONS, Emotion
from ..core.sounds import Tag
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from .canvas import name_in_title, new_figure, text_width
from .film_paper import GAP, HEAD, INNER, LANE, MARGIN, TICKS, WIDTH, Paper, mark
from .film_rows import Rows, in_words, lanes_of, rows_of, short_clock
from .moods import TaggedStretch, mood_line, scenes, tagged_stretches

#: The number of lanes for names; the height of a row, from a confidence of 0 to one of 1, if it is
#: the only one and if there are more; the space below the last row. Heights are in inches.
_LANES, _ALONE, _AMONG, _FOOT = 3, 1.7, 0.97, 0.62
_TITLE_PT, _TEXT_PT, _SMALL_PT = 17.0, 10.0, 9.0
_POINTS = 800
#: The line is smoothed over this share of a row, but at least over this time.
_SMOOTHING, _LEAST_SMOOTHING_MS = 1 / 80, 1_200


def film_plot(annotation: AnnotatedFilm, *, colours: Palette | None = None) -> Any:
    """Plots the film from left to right, a long one in several rows.

    Each tag has its name above it and a mark with the shape and colour of its emotion; the mark's
    height is the model's confidence in the tagged cue. The line is the probability that the voices
    are not neutral, smoothed, filled with the colour of the likeliest emotion. Scenes are shaded
    areas, and speech is a bar below them.

    Args:
        annotation: the film
        colours: the colours of the emotions

    Raises:
        MissingExtraError: if matplotlib is not installed
    """
    last_ms = max((cue.shown_end_ms for cue in annotation.cues), default=0)
    duration_ms = max(annotation.duration_ms or 0, last_ms, 1)
    rows = rows_of(duration_ms)
    stretches = list(tagged_stretches(annotation.cues))
    placed = [_placed(stretches, rows, row) for row in range(rows.count)]
    unit = _ALONE if rows.count == 1 else _AMONG
    lanes = 1 + max((lane for row in placed for _, lane, _ in row), default=0)
    row_height = unit + GAP + lanes * LANE
    height = HEAD + rows.count * (row_height + TICKS) + _FOOT
    figure = new_figure(width=WIDTH, height=height)
    figure.set_layout_engine("none")
    paper = Paper(figure, height, rows, unit, row_height, colours or OKABE_ITO)
    figure.set_facecolor(paper.theme.panel)
    _heading(paper, annotation, duration_ms, stretches)
    for row, names in enumerate(placed):
        _row(paper, annotation, row, stretches)
        _names(paper, row, names)
    _explanation(paper, len(stretches) - sum(map(len, placed)))
    return figure


def _explanation(paper: Paper, unnamed: int) -> None:
    """Writes the legend of the plot's parts."""
    how = {"size": _SMALL_PT, "color": paper.theme.soft}
    left_out = f" {unnamed} names had no room." if unnamed else ""
    drawn = (
        "Height of a mark: how sure the model is of that cue; stroke: how long the mood lasts. "
        f"Line: probability of any mood, smoothed, over the colour of the likeliest.{left_out}"
    )
    paper.write(MARGIN, paper.height - 0.42, drawn, **how)
    means = "Shaded grounds: scenes, by pauses. A tag says how a voice sounds to a listener, not what a person feels."
    paper.write(MARGIN, paper.height - 0.22, means, **how)


def _heading(
    paper: Paper, annotation: AnnotatedFilm, duration_ms: int, stretches: list[TaggedStretch]
) -> None:
    """Writes the film's name, the numbers of cues and tags, and the legend of the marks."""
    theme = paper.theme
    title = name_in_title(annotation.video)
    paper.write(MARGIN, 0.5, title, size=_TITLE_PT, weight="bold", color=theme.ink)
    facts = (
        f"{in_words(duration_ms)}   ·   {len(annotation.cues):,} cues, {len(stretches):,} with a tag"
        f"   ·   {annotation.model}"
    )
    paper.write(
        WIDTH - MARGIN, 0.5, facts, size=_TEXT_PT, color=theme.soft, horizontalalignment="right"
    )
    axes = paper.axes(MARGIN, 0.66, INNER, 0.36)
    axes.set(xlim=(0, INNER), ylim=(0, 1))
    at = 0.07
    for tag, count in _counts(stretches):
        mark(axes, at, 0.5, tag, paper, size=60)
        text = f"{tag.value} {count}"
        axes.text(
            at + 0.14,
            0.5,
            text,
            size=_TEXT_PT,
            color=theme.ink,
            verticalalignment="center_baseline",
        )
        at += 0.14 + text_width(text, _TEXT_PT) + 0.3
    if not stretches:
        axes.text(
            0,
            0.5,
            "No cue shows a tag.",
            size=_TEXT_PT,
            color=theme.soft,
            verticalalignment="center_baseline",
        )


def _counts(stretches: list[TaggedStretch]) -> list[tuple[Tag, int]]:
    """The number of each tag: emotions first, in their order, then others by number."""
    counts = Counter(stretch.tag for stretch in stretches)
    return sorted(
        counts.items(),
        key=lambda item: (
            EMOTIONS.index(item[0]) if isinstance(item[0], Emotion) else len(EMOTIONS),
            -item[1],
            item[0].value,
        ),
    )


def _row(paper: Paper, annotation: AnnotatedFilm, row: int, stretches: list[TaggedStretch]) -> None:
    """Draws a row without the names of its tags."""
    start_ms, end_ms = paper.span(row)
    axes = paper.axes_of(row)
    for first, last in scenes(annotation.cues):
        if last > start_ms and first < end_ms:
            across = (max(first, start_ms), min(last, end_ms))
            axes.fill_between(across, 0, 1, color=paper.theme.raised, linewidth=0, zorder=0)
    _line(axes, annotation, paper, row)
    _scale(axes, annotation, paper, row)
    for one in stretches:
        if start_ms <= one.start_ms < end_ms:
            _tag(axes, one, end_ms, paper)


def _line(axes: Any, annotation: AnnotatedFilm, paper: Paper, row: int) -> None:
    """Draws the smoothed line, filled with the colour of the likeliest emotion."""
    start_ms, end_ms = paper.span(row)
    span_ms = paper.rows.span_ms
    # No wider than the row: a film of some milliseconds would take seconds.
    smoothing_ms = min(span_ms, max(_LEAST_SMOOTHING_MS, span_ms * _SMOOTHING))
    line = mood_line(
        annotation.cues,
        start_ms=start_ms,
        end_ms=end_ms,
        points=_POINTS,
        smoothing_ms=smoothing_ms,
    )
    likeliest = line.likeliest
    changes = np.flatnonzero(np.diff(likeliest)) + 1
    for first, last in zip([0, *changes], [*changes, _POINTS], strict=True):
        here = slice(first, min(_POINTS, last + 1))
        axes.fill_between(
            line.times_ms[here],
            line.height[here],
            color=paper.theme.fill(paper.palette, EMOTIONS[likeliest[first]]),
            alpha=0.4,
            linewidth=0,
            zorder=1,
        )
    axes.plot(line.times_ms, line.height, color=paper.theme.soft, linewidth=0.9, zorder=2)


def _scale(axes: Any, annotation: AnnotatedFilm, paper: Paper, row: int) -> None:
    """Draws the axis of times, the axis of probabilities, and the bar of speech."""
    (start_ms, end_ms), theme = paper.span(row), paper.theme
    for share in (0.0, 0.5, 1.0):
        axes.plot((start_ms, end_ms), (share, share), color=theme.line, linewidth=0.8, zorder=1)
        axes.annotate(
            f"{100 * share:.0f} %", (start_ms, share), (-6, 0), textcoords="offset points",
            size=_SMALL_PT, color=theme.soft, horizontalalignment="right",
            verticalalignment="center_baseline", annotation_clip=False,
        )  # fmt: skip
    spoken = [
        (max(cue.start_ms, start_ms), min(cue.shown_end_ms, end_ms) - max(cue.start_ms, start_ms))
        for cue in annotation.cues
        if cue.shown_end_ms > start_ms and cue.start_ms < end_ms
    ]
    axes.broken_barh(spoken, (-0.075, 0.05), color=theme.edge, linewidth=0)
    for at in range(start_ms, end_ms + 1, paper.rows.step_ms):
        axes.annotate(
            short_clock(at), (at, -0.075), (0, -5), textcoords="offset points", size=_SMALL_PT,
            color=theme.soft, horizontalalignment="center", verticalalignment="top",
        )  # fmt: skip


def _tag(axes: Any, one: TaggedStretch, end_ms: int, paper: Paper) -> None:
    """Draws a stem and a mark, and a line for the duration of the tag."""
    colour = paper.theme.text(paper.palette, one.tag)
    axes.plot(
        (one.start_ms, one.start_ms), (0, one.confidence), color=colour, linewidth=1.4, zorder=3
    )
    until = (one.start_ms, min(one.end_ms, end_ms))
    axes.plot(until, (one.confidence,) * 2, color=colour, linewidth=2.4, zorder=3)
    mark(axes, one.start_ms, one.confidence, one.tag, paper, size=44)


def _placed(
    stretches: list[TaggedStretch], rows: Rows, row: int
) -> list[tuple[TaggedStretch, int, float]]:
    """The tags of a row whose names fit, with the lane and the left edge of each, in inches."""
    start_ms = rows.start_ms(row)
    inside = [one for one in stretches if start_ms <= one.start_ms < start_ms + rows.span_ms]
    scale = INNER / rows.span_ms
    wanted = [
        ((one.start_ms - start_ms) * scale, text_width(one.tag.value, _TEXT_PT)) for one in inside
    ]
    places = lanes_of(wanted, left=0, right=INNER, lanes=_LANES, gap=0.1)
    return [(one, *place) for one, place in zip(inside, places, strict=True) if place is not None]


def _names(paper: Paper, row: int, names: list[tuple[TaggedStretch, int, float]]) -> None:
    """Writes the tags' names above the row."""
    axes = paper.axes_of(row)
    for one, lane, left in names:
        y = (paper.unit + GAP + lane * LANE) / paper.unit
        stem = (one.confidence, y)
        axes.plot((one.start_ms,) * 2, stem, color=paper.theme.line, linewidth=0.7, zorder=1)
        axes.text(
            paper.span(row)[0] + left * paper.rows.span_ms / INNER, y, one.tag.value,
            size=_TEXT_PT, color=paper.theme.ink, verticalalignment="bottom", zorder=5,
        )  # fmt: skip
